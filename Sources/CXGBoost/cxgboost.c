// Finds the functions of XGBoost's C API by name. The signatures are those of version 3.2.0.
#include "cxgboost.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#define FUNCTIONS(X)                                                                       \
  X(void, XGBoostVersion, (int *, int *, int *))                                           \
  X(const char *, XGBGetLastError, (void))                                                 \
  X(int, XGBSetGlobalConfig, (const char *))                                               \
  X(int, XGDMatrixCreateFromDense, (const char *, const char *, void **))                  \
  X(int, XGDMatrixSetFloatInfo, (void *, const char *, const float *, uint64_t))           \
  X(int, XGDMatrixFree, (void *))                                                          \
  X(int, XGBoosterCreate, (void *const *, uint64_t, void **))                              \
  X(int, XGBoosterFree, (void *))                                                          \
  X(int, XGBoosterSetParam, (void *, const char *, const char *))                          \
  X(int, XGBoosterSetAttr, (void *, const char *, const char *))                           \
  X(int, XGBoosterGetAttr, (void *, const char *, const char **, int *))                   \
  X(int, XGBoosterGetNumFeature, (void *, uint64_t *))                                     \
  X(int, XGBoosterUpdateOneIter, (void *, int, void *))                                    \
  X(int, XGBoosterSaveModelToBuffer, (void *, const char *, uint64_t *, const char **))    \
  X(int, XGBoosterLoadModelFromBuffer, (void *, const void *, uint64_t))                   \
  X(int, XGBoosterPredictFromDMatrix,                                                      \
    (void *, void *, const char *, const uint64_t **, uint64_t *, const float **))         \
  X(int, XGBoosterFeatureScore,                                                            \
    (void *, const char *, uint64_t *, char const *const **, uint64_t *,                   \
     const uint64_t **, const float **))                                                   \
  X(int, XGBoosterPredictFromDense,                                                        \
    (void *, const char *, const char *, void *, const uint64_t **, uint64_t *,            \
     const float **))                                                                      \
  X(int, XGBoosterSaveJsonConfig, (void *, uint64_t *, const char **))

struct cxgb_library {
#define MEMBER(result, name, parameters) result(*name) parameters;
  FUNCTIONS(MEMBER)
};

cxgb_library *cxgb_open(const char *path, char *why, size_t size) {
  void *image = dlopen(path, RTLD_NOW | RTLD_LOCAL);
  if (!image) {
    const char *text = dlerror();
    snprintf(why, size, "%s", text ? text : "the dynamic linker gave no reason");
    return NULL;
  }
  cxgb_library *library = calloc(1, sizeof *library);
  if (!library) {
    snprintf(why, size, "out of memory");
    return NULL;
  }
#define FIND(result, name, parameters)                          \
  library->name = (result(*) parameters)dlsym(image, #name);    \
  if (!library->name) {                                         \
    snprintf(why, size, "it has no function %s", #name);        \
    free(library);                                              \
    return NULL;                                                \
  }
  FUNCTIONS(FIND)
  return library;
}

void cxgb_close(cxgb_library *library) { free(library); }

void cxgb_version(const cxgb_library *library, int *major, int *minor, int *patch) {
  library->XGBoostVersion(major, minor, patch);
}

const char *cxgb_last_error(const cxgb_library *library) { return library->XGBGetLastError(); }

int cxgb_set_global_config(const cxgb_library *library, const char *config) {
  return library->XGBSetGlobalConfig(config);
}

int cxgb_matrix_create(
    const cxgb_library *library, const char *data, const char *config, cxgb_handle *out) {
  return library->XGDMatrixCreateFromDense(data, config, out);
}

int cxgb_matrix_set_floats(
    const cxgb_library *library, cxgb_handle matrix, const char *field, const float *values,
    uint64_t count) {
  return library->XGDMatrixSetFloatInfo(matrix, field, values, count);
}

int cxgb_matrix_free(const cxgb_library *library, cxgb_handle matrix) {
  return library->XGDMatrixFree(matrix);
}

int cxgb_booster_create(const cxgb_library *library, cxgb_handle matrix, cxgb_handle *out) {
  return library->XGBoosterCreate(&matrix, matrix ? 1 : 0, out);
}

int cxgb_booster_free(const cxgb_library *library, cxgb_handle booster) {
  return library->XGBoosterFree(booster);
}

int cxgb_booster_set_parameter(
    const cxgb_library *library, cxgb_handle booster, const char *name, const char *value) {
  return library->XGBoosterSetParam(booster, name, value);
}

int cxgb_booster_set_attribute(
    const cxgb_library *library, cxgb_handle booster, const char *name, const char *value) {
  return library->XGBoosterSetAttr(booster, name, value);
}

int cxgb_booster_attribute(
    const cxgb_library *library, cxgb_handle booster, const char *name, const char **out) {
  int found = 0;
  int result = library->XGBoosterGetAttr(booster, name, out, &found);
  if (!found) *out = NULL;
  return result;
}

int cxgb_booster_feature_count(
    const cxgb_library *library, cxgb_handle booster, uint64_t *out) {
  return library->XGBoosterGetNumFeature(booster, out);
}

int cxgb_booster_update(
    const cxgb_library *library, cxgb_handle booster, int iteration, cxgb_handle matrix) {
  return library->XGBoosterUpdateOneIter(booster, iteration, matrix);
}

int cxgb_booster_save(
    const cxgb_library *library, cxgb_handle booster, const char *config, uint64_t *count,
    const char **bytes) {
  return library->XGBoosterSaveModelToBuffer(booster, config, count, bytes);
}

int cxgb_booster_load(
    const cxgb_library *library, cxgb_handle booster, const void *bytes, uint64_t count) {
  return library->XGBoosterLoadModelFromBuffer(booster, bytes, count);
}

int cxgb_booster_predict(
    const cxgb_library *library, cxgb_handle booster, cxgb_handle matrix, const char *config,
    uint64_t *count, const float **values) {
  const uint64_t *shape = NULL;
  uint64_t dimensions = 0;
  int result = library->XGBoosterPredictFromDMatrix(
      booster, matrix, config, &shape, &dimensions, values);
  *count = dimensions ? 1 : 0;
  for (uint64_t i = 0; i < dimensions && result == 0; i++) *count *= shape[i];
  return result;
}

int cxgb_booster_feature_scores(
    const cxgb_library *library, cxgb_handle booster, const char *config, uint64_t *count,
    const char *const **names, uint64_t *dimensions, const uint64_t **shape,
    const float **scores) {
  return library->XGBoosterFeatureScore(
      booster, config, count, names, dimensions, shape, scores);
}

int cxgb_booster_predict_dense(
    const cxgb_library *library, cxgb_handle booster, const char *data, const char *config,
    uint64_t *count, const float **values) {
  const uint64_t *shape = NULL;
  uint64_t dimensions = 0;
  int result = library->XGBoosterPredictFromDense(
      booster, data, config, NULL, &shape, &dimensions, values);
  *count = dimensions ? 1 : 0;
  for (uint64_t i = 0; i < dimensions && result == 0; i++) *count *= shape[i];
  return result;
}

int cxgb_booster_configuration(
    const cxgb_library *library, cxgb_handle booster, uint64_t *count, const char **text) {
  return library->XGBoosterSaveJsonConfig(booster, count, text);
}
