/* Preloaded, this makes the vendor check of MKL answer Intel, so that MKL takes
   its AVX-512 path on other processors too. */
int mkl_serv_intel_cpu_true(void) { return 1; }
