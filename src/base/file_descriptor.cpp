// SPDX-License-Identifier: MIT
#include "base/file_descriptor.hpp"

#include <unistd.h>

namespace mexport::base {

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace mexport::base
