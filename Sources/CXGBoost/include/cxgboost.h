// Opens the XGBoost library at run time and calls the few functions of its C API that we use.
// The declarations are our own: no header of XGBoost is needed to build, nothing is linked.
#pragma once
#include <stddef.h>
#include <stdint.h>

/// The opened library: a table of its functions.
typedef struct cxgb_library cxgb_library;
/// A matrix or a booster, owned by the library.
typedef void *cxgb_handle;

/// Opens the library; NULL on failure, with a text in `why` that ends in a zero byte.
///
/// The library stays open for the life of the process, since its OpenMP runtime may own threads;
/// `cxgb_close` frees the table only.
cxgb_library *_Nullable cxgb_open(const char *_Nonnull path, char *_Nonnull why, size_t size);
void cxgb_close(cxgb_library *_Nonnull library);

void cxgb_version(
    const cxgb_library *_Nonnull library, int *_Nonnull major, int *_Nonnull minor,
    int *_Nonnull patch);

/// The text of the last failure on this thread: read it at once.
const char *_Nonnull cxgb_last_error(const cxgb_library *_Nonnull library);

// Every function below returns 0 when it succeeded.

int cxgb_set_global_config(const cxgb_library *_Nonnull library, const char *_Nonnull config);

/// `data` is a NumPy array interface and `config` an object, both in JSON. The values are copied.
int cxgb_matrix_create(
    const cxgb_library *_Nonnull library, const char *_Nonnull data, const char *_Nonnull config,
    cxgb_handle _Nullable *_Nonnull out);
int cxgb_matrix_set_floats(
    const cxgb_library *_Nonnull library, cxgb_handle _Nonnull matrix, const char *_Nonnull field,
    const float *_Nonnull values, uint64_t count);
int cxgb_matrix_free(const cxgb_library *_Nonnull library, cxgb_handle _Nonnull matrix);

/// A booster that remembers the predictions of one matrix, or of none.
int cxgb_booster_create(
    const cxgb_library *_Nonnull library, cxgb_handle _Nullable matrix,
    cxgb_handle _Nullable *_Nonnull out);
int cxgb_booster_free(const cxgb_library *_Nonnull library, cxgb_handle _Nonnull booster);
int cxgb_booster_set_parameter(
    const cxgb_library *_Nonnull library, cxgb_handle _Nonnull booster, const char *_Nonnull name,
    const char *_Nonnull value);
int cxgb_booster_set_attribute(
    const cxgb_library *_Nonnull library, cxgb_handle _Nonnull booster, const char *_Nonnull name,
    const char *_Nonnull value);
/// `out` is NULL where the booster has no such attribute; the text belongs to the booster.
int cxgb_booster_attribute(
    const cxgb_library *_Nonnull library, cxgb_handle _Nonnull booster, const char *_Nonnull name,
    const char *_Nullable *_Nonnull out);
int cxgb_booster_feature_count(
    const cxgb_library *_Nonnull library, cxgb_handle _Nonnull booster, uint64_t *_Nonnull out);
int cxgb_booster_update(
    const cxgb_library *_Nonnull library, cxgb_handle _Nonnull booster, int iteration,
    cxgb_handle _Nonnull matrix);

/// The model; the bytes belong to the booster until its next call.
int cxgb_booster_save(
    const cxgb_library *_Nonnull library, cxgb_handle _Nonnull booster,
    const char *_Nonnull config, uint64_t *_Nonnull count,
    const char *_Nullable *_Nonnull bytes);
int cxgb_booster_load(
    const cxgb_library *_Nonnull library, cxgb_handle _Nonnull booster,
    const void *_Nonnull bytes, uint64_t count);

/// The predictions, `count` in all; they belong to the booster until its next call.
int cxgb_booster_predict(
    const cxgb_library *_Nonnull library, cxgb_handle _Nonnull booster,
    cxgb_handle _Nonnull matrix, const char *_Nonnull config, uint64_t *_Nonnull count,
    const float *_Nullable *_Nonnull values);

/// How useful each feature is. Names, shape and scores belong to the booster until its next call.
int cxgb_booster_feature_scores(
    const cxgb_library *_Nonnull library, cxgb_handle _Nonnull booster,
    const char *_Nonnull config, uint64_t *_Nonnull count,
    const char *_Nullable const *_Nullable *_Nonnull names, uint64_t *_Nonnull dimensions,
    const uint64_t *_Nullable *_Nonnull shape, const float *_Nullable *_Nonnull scores);

/// The same of rows that need no matrix; `data` is a NumPy array interface in JSON. Boosters of
/// linear models refuse it.
int cxgb_booster_predict_dense(
    const cxgb_library *_Nonnull library, cxgb_handle _Nonnull booster, const char *_Nonnull data,
    const char *_Nonnull config, uint64_t *_Nonnull count,
    const float *_Nullable *_Nonnull values);

/// The booster's settings in JSON; the text belongs to the booster until its next call.
int cxgb_booster_configuration(
    const cxgb_library *_Nonnull library, cxgb_handle _Nonnull booster, uint64_t *_Nonnull count,
    const char *_Nullable *_Nonnull text);
