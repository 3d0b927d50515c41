#pragma once
// SHA-256 by the functions that need no set-up: see Content/SHA256.swift.
#define OPENSSL_SUPPRESS_DEPRECATED
#include <openssl/evp.h>
#include <openssl/err.h>
#include <openssl/sha.h>
