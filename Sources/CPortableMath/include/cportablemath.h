// Natural logarithm and exponential with the same bits on every CPU.
#ifndef CPORTABLEMATH_H
#define CPORTABLEMATH_H

/// The natural logarithm, within 1 ulp; -infinity at 0, one fixed NaN below 0.
double cpm_log(double x);

/// The exponential, within 1 ulp; 0 and infinity beyond the range of a double.
double cpm_exp(double x);

#endif
