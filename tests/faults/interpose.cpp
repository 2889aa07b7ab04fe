// SPDX-License-Identifier: MIT
// Preloaded into a program, it makes the Nth call of one function of the C library fail.
//
//   FAULT_CALL=fsync    the function
//   FAULT_NTH=3         the first call that fails, counted from 1 …
//   FAULT_TIMES=2       … and how many fail in all (1)
//   FAULT_ERRNO=5       with which errno; 0: not at all, one byte is read or written
//   FAULT_ON=traces     counts only calls on a path, or on a descriptor of a path, that holds this
//   text FAULT_WHEN=path     counts only calls once this file is there FAULT_TOLD=path     a file
//   that gets a byte for each call that failed
//
// Calls from within the C library itself are not seen.
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <dirent.h>
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <string_view>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

struct ifaddrs;
struct epoll_event;
struct itimerspec;
struct rlimit;
struct statvfs;

namespace {

std::atomic<long> calls{0};

std::string_view text_of(const char* variable) {
  const char* const value = std::getenv(variable);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? std::string_view() : value;
}

long number_of(const char* variable, long otherwise) {
  const auto text = text_of(variable);
  return text.empty() ? otherwise : std::strtol(text.data(), nullptr, 10);
}

bool is_subject(const char* path) {
  return path != nullptr &&
         std::string_view(path).find(text_of("FAULT_ON")) != std::string_view::npos;
}

bool is_subject(int descriptor) {
  const auto wanted = text_of("FAULT_ON");
  if (wanted.empty()) return true;
  char link[32] = "/proc/self/fd/";
  char* end = link + std::strlen(link);
  char digits[12];
  int count = 0;
  for (int rest = descriptor; rest > 0 || count == 0; rest /= 10) {
    digits[count++] = static_cast<char>('0' + rest % 10);
  }
  while (count > 0) *end++ = digits[--count];
  *end = '\0';
  char target[4096];
  const auto size = ::syscall(SYS_readlinkat, AT_FDCWD, link, target, sizeof target);
  return size > 0 && std::string_view(target, static_cast<std::size_t>(size)).find(wanted) !=
                         std::string_view::npos;
}

bool is_time() {
  const auto path = text_of("FAULT_WHEN");
  return path.empty() || ::syscall(SYS_faccessat, AT_FDCWD, path.data(), F_OK) == 0;
}

void tell() {
  const auto path = text_of("FAULT_TOLD");
  if (path.empty()) return;
  const auto fd = ::syscall(SYS_openat, AT_FDCWD, path.data(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::syscall(SYS_write, fd, ".", 1);
  ::syscall(SYS_close, fd);
}

/// Whether this call is one of those to fail; errno is then what it fails with.
template <class Subject>
bool fails(std::string_view function, Subject subject) {
  if (function != text_of("FAULT_CALL")) return false;
  const int before = errno;
  const bool counts = is_subject(subject) && is_time();
  errno = before;
  if (!counts) return false;
  const long call = ++calls;
  const long first = number_of("FAULT_NTH", 1);
  if (call < first || call >= first + number_of("FAULT_TIMES", 1)) return false;
  tell();
  errno = static_cast<int>(number_of("FAULT_ERRNO", EIO));
  return true;
}

template <class Function>
Function next(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

// The label gives each its name in the library, whatever the headers declare of that.
#define FAULTY(result, function, parameters, arguments, subject, failure) \
  extern "C" result faulty_##function parameters __asm__(#function);      \
  extern "C" result faulty_##function parameters {                        \
    static const auto real = next<result(*) parameters>(#function);       \
    if (fails(#function, subject)) return failure;                        \
    return real arguments;                                                \
  }

#define FAULTY_TRANSFER(function, buffer, more_parameters, more_arguments)                      \
  extern "C" ssize_t faulty_##function(int fd, buffer data,                                     \
                                       std::size_t size more_parameters) __asm__(#function);    \
  extern "C" ssize_t faulty_##function(int fd, buffer data, std::size_t size more_parameters) { \
    static const auto real =                                                                    \
        next<ssize_t (*)(int, buffer, std::size_t more_parameters)>(#function);                 \
    if (fails(#function, fd)) {                                                                 \
      if (errno != 0) return -1;                                                                \
      if (size > 1) size = 1;                                                                   \
    }                                                                                           \
    return real(fd, data, size more_arguments);                                                 \
  }
#define COMMA ,

FAULTY_TRANSFER(read, void*, , )
FAULTY_TRANSFER(write, const void*, , )
FAULTY_TRANSFER(recv, void*, COMMA int flags, COMMA flags)
FAULTY_TRANSFER(send, const void*, COMMA int flags, COMMA flags)

FAULTY(int, open, (const char* path, int flags, mode_t mode), (path, flags, mode), path, -1)
FAULTY(int, access, (const char* path, int mode), (path, mode), path, -1)
FAULTY(int, stat, (const char* path, struct stat* found), (path, found), path, -1)
FAULTY(int, fstat, (int fd, struct stat* found), (fd, found), fd, -1)
FAULTY(int, statvfs, (const char* path, struct statvfs* found), (path, found), path, -1)
FAULTY(int, mkdir, (const char* path, mode_t mode), (path, mode), path, -1)
FAULTY(int, rmdir, (const char* path), (path), path, -1)
FAULTY(int, unlink, (const char* path), (path), path, -1)
FAULTY(int, rename, (const char* from, const char* to), (from, to), from, -1)
FAULTY(int, renameat2, (int at, const char* from, int at_too, const char* to, unsigned flags),
       (at, from, at_too, to, flags), from, -1)
FAULTY(int, link, (const char* from, const char* to), (from, to), from, -1)
FAULTY(DIR*, opendir, (const char* path), (path), path, nullptr)
FAULTY(dirent*, readdir, (DIR * directory), (directory), ::dirfd(directory), nullptr)
FAULTY(int, fsync, (int fd), (fd), fd, -1)
FAULTY(int, fdatasync, (int fd), (fd), fd, -1)
FAULTY(int, ftruncate, (int fd, off_t size), (fd, size), fd, -1)
FAULTY(off_t, lseek, (int fd, off_t offset, int whence), (fd, offset, whence), fd, -1)
FAULTY(int, flock, (int fd, int operation), (fd, operation), fd, -1)
FAULTY(int, close, (int fd), (fd), fd, (real(fd), errno = EIO, -1))
FAULTY(int, getrlimit, (int resource, struct rlimit* limit), (resource, limit), 0, -1)
FAULTY(int, setrlimit, (int resource, const struct rlimit* limit), (resource, limit), 0, -1)
FAULTY(int, gethostname, (char* name, std::size_t size), (name, size), 0, -1)

FAULTY(int, socket, (int domain, int type, int protocol), (domain, type, protocol), 0, -1)
FAULTY(int, bind, (int fd, const sockaddr* address, socklen_t size), (fd, address, size), fd, -1)
FAULTY(int, listen, (int fd, int backlog), (fd, backlog), fd, -1)
FAULTY(int, accept4, (int fd, sockaddr* address, socklen_t* size, int flags),
       (fd, address, size, flags), fd, -1)
FAULTY(int, connect, (int fd, const sockaddr* address, socklen_t size), (fd, address, size), fd, -1)
FAULTY(int, setsockopt, (int fd, int level, int name, const void* value, socklen_t size),
       (fd, level, name, value, size), fd, -1)
FAULTY(int, getsockopt, (int fd, int level, int name, void* value, socklen_t* size),
       (fd, level, name, value, size), fd, -1)
FAULTY(int, getsockname, (int fd, sockaddr* address, socklen_t* size), (fd, address, size), fd, -1)
FAULTY(int, getpeername, (int fd, sockaddr* address, socklen_t* size), (fd, address, size), fd, -1)
FAULTY(int, shutdown, (int fd, int how), (fd, how), fd, -1)
FAULTY(int, getifaddrs, (struct ifaddrs * *list), (list), 0, -1)

FAULTY(int, epoll_create1, (int flags), (flags), 0, -1)
FAULTY(int, epoll_ctl, (int epoll, int operation, int fd, epoll_event* event),
       (epoll, operation, fd, event), fd, -1)
FAULTY(int, epoll_wait, (int epoll, epoll_event* events, int size, int timeout),
       (epoll, events, size, timeout), epoll, -1)
FAULTY(int, eventfd, (unsigned value, int flags), (value, flags), 0, -1)
FAULTY(int, timerfd_create, (int clock, int flags), (clock, flags), 0, -1)
FAULTY(int, timerfd_settime, (int fd, int flags, const itimerspec* time, itimerspec* before),
       (fd, flags, time, before), fd, -1)
FAULTY(int, pthread_create,
       (pthread_t * thread, const pthread_attr_t* attributes, void* (*run)(void*), void* argument),
       (thread, attributes, run, argument), 0, errno)
