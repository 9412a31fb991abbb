/**
 * Threads of Node for all that does not run beside them by itself: files, names, compression, signatures, and at most
 * two password hashes at once (`AT_ONCE` in users/turns.ts), so that most threads are never taken by hashes. To be set
 * as `UV_THREADPOOL_SIZE` before the process first needs one; afterwards nobody reads it.
 */
export const THREADS = '8'
