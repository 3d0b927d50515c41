// Natural logarithm and exponential by + - * / alone; no libm, whose last bit depends on the CPU.
//
// After e_log.c and e_exp.c of FDLIBM, which carry this notice:
//
// ====================================================
// Copyright (C) 1993 by Sun Microsystems, Inc. All rights reserved.
//
// Developed at SunPro, a Sun Microsystems, Inc. business.
// Permission to use, copy, modify, and distribute this
// software is freely granted, provided that this notice
// is preserved.
// ====================================================
#include "cportablemath.h"

#include <stdint.h>
#include <string.h>

// A fused multiply-add rounds once instead of twice; Package.swift says the same by -ffp-contract.
#pragma STDC FP_CONTRACT OFF

static const double ln2_high = 6.93147180369123816490e-01;
static const double ln2_low = 1.90821492927058770002e-10;

static uint64_t bits_of(double x) {
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

static double double_of(uint64_t bits) {
  double x;
  memcpy(&x, &bits, sizeof x);
  return x;
}

// Made of bits, since 0/0 gives another sign on another CPU.
static double not_a_number(void) { return double_of(UINT64_C(0x7ff8000000000000)); }
static double infinity(void) { return double_of(UINT64_C(0x7ff0000000000000)); }

// 2 to the power of k, for -1022 <= k <= 1023.
static double power_of_two(int k) { return double_of((uint64_t)(k + 1023) << 52); }

double cpm_log(double x) {
  static const double Lg1 = 6.666666666666735130e-01, Lg2 = 3.999999999940941908e-01,
                      Lg3 = 2.857142874366239149e-01, Lg4 = 2.222219843214978396e-01,
                      Lg5 = 1.818357216161805012e-01, Lg6 = 1.531383769920937332e-01,
                      Lg7 = 1.479819860510658591e-01;
  if (x != x) return not_a_number();
  if (x == 0) return -infinity();
  if (x < 0) return not_a_number();
  if (x == infinity()) return x;

  int k = 0;
  if (x < power_of_two(-1022)) {  // subnormal
    k = -54;
    x *= power_of_two(54);
  }
  // x = 2^k * (1 + f) with sqrt(2)/2 < 1 + f < sqrt(2).
  uint64_t bits = bits_of(x);
  int32_t high = (int32_t)(bits >> 32);
  k += (high >> 20) - 1023;
  high &= 0xfffff;
  int32_t upper = (high + 0x95f64) & 0x100000;
  k += upper >> 20;
  bits = (uint64_t)(uint32_t)(high | (upper ^ 0x3ff00000)) << 32 | (bits & 0xffffffff);
  double f = double_of(bits) - 1.0;
  double dk = k;

  if ((0xfffff & (2 + high)) < 3) {  // |f| < 2^-20
    if (f == 0) return dk * ln2_high + dk * ln2_low;
    double R = f * f * (0.5 - 0.33333333333333333 * f);
    return dk * ln2_high - ((R - dk * ln2_low) - f);
  }
  double s = f / (2.0 + f);
  double z = s * s;
  double w = z * z;
  double R = z * (Lg1 + w * (Lg3 + w * (Lg5 + w * Lg7))) + w * (Lg2 + w * (Lg4 + w * Lg6));
  if (((high - 0x6147a) | (0x6b851 - high)) > 0) {
    double half = 0.5 * f * f;
    return dk * ln2_high - ((half - (s * (half + R) + dk * ln2_low)) - f);
  }
  return dk * ln2_high - ((s * (f - R) - dk * ln2_low) - f);
}

double cpm_exp(double x) {
  static const double P1 = 1.66666666666666019037e-01, P2 = -2.77777777770155933842e-03,
                      P3 = 6.61375632143793436117e-05, P4 = -1.65339022054652515390e-06,
                      P5 = 4.13813679705723846039e-08, reciprocal_ln2 = 1.44269504088896338700e+00;
  if (x != x) return not_a_number();
  if (x > 7.09782712893383973096e+02) return infinity();
  if (x < -7.45133219101941108420e+02) return 0;

  // x = k * ln2 + r with |r| <= ln2 / 2; r = high - low.
  int k = 0;
  double high = x, low = 0;
  double magnitude = x < 0 ? -x : x;
  if (magnitude < 3.7252902984619140625e-09) return 1.0 + x;  // 2^-28
  if (magnitude > 0.34657359027997264) {
    k = (int)(reciprocal_ln2 * x + (x < 0 ? -0.5 : 0.5));
    high = x - k * ln2_high;
    low = k * ln2_low;
  }
  double r = high - low;
  double t = r * r;
  double c = r - t * (P1 + t * (P2 + t * (P3 + t * (P4 + t * P5))));
  double y = k == 0 ? 1.0 - ((r * c) / (c - 2.0) - r) : 1.0 - ((low - (r * c) / (2.0 - c)) - high);
  if (k == 1024) return y * 2.0 * power_of_two(1023);
  if (k >= -1021) return y * power_of_two(k);
  return y * power_of_two(k + 1000) * power_of_two(-1000);
}
