// SPDX-License-Identifier: MIT
#include "export/amqp/link.hpp"

#include "export/amqp/tls_context.hpp"
#include "export/amqp/wire_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <amqp.h>
#include <amqp_framing.h>
#include <amqp_ssl_socket.h>
#include <amqp_tcp_socket.h>
#include <linux/sockios.h>
#include <optional>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace mexport::exporter::amqp {
namespace {

using std::chrono::milliseconds;

constexpr amqp_channel_t kChannel = 1;
constexpr int kFrameMax = 131'072;
constexpr std::size_t kMaxReason = 200;
/// What a publishing adds to its body on the wire, generously.
constexpr std::size_t kEnvelope = 2048;
/// What poll() handles before it lets the caller send again.
constexpr int kMaxFrames = 1000;

timeval time_of(milliseconds duration) {
  const auto count = std::max<std::int64_t>(duration.count(), 0);
  return {.tv_sec = count / 1000, .tv_usec = count % 1000 * 1000};
}

/// What a broker wrote, for a log.
std::string printable(std::string_view text) {
  std::string out(text.substr(0, kMaxReason));
  std::ranges::replace_if(out, [](char c) { return c < 0x20 || c > 0x7e; }, '?');
  return out;
}

std::unexpected<LinkError> failed(std::string what) {
  return std::unexpected(LinkError{std::move(what)});
}

std::unexpected<LinkError> failed(std::string_view step, int status) {
  return failed(fmt::format("{}: {}", step, amqp_error_string2(status)));
}

LinkError closed_by_broker(std::string_view what, std::uint16_t code, amqp_bytes_t text) {
  return {fmt::format("the broker closed the {}: {} {}", what, code, printable(text_of(text)))};
}

std::optional<LinkError> closed(const amqp_method_t& method) {
  if (method.id == AMQP_CONNECTION_CLOSE_METHOD) {
    const auto* close = static_cast<const amqp_connection_close_t*>(method.decoded);
    return closed_by_broker("connection", close->reply_code, close->reply_text);
  }
  if (method.id == AMQP_CHANNEL_CLOSE_METHOD) {
    const auto* close = static_cast<const amqp_channel_close_t*>(method.decoded);
    return closed_by_broker("channel", close->reply_code, close->reply_text);
  }
  return std::nullopt;
}

Link::Result<void> check(std::string_view step, const amqp_rpc_reply_t& reply) {
  switch (reply.reply_type) {
    case AMQP_RESPONSE_NORMAL:
      return {};
    case AMQP_RESPONSE_LIBRARY_EXCEPTION:
      return failed(step, reply.library_error);
    case AMQP_RESPONSE_SERVER_EXCEPTION:
      if (auto error = closed(reply.reply)) return failed(fmt::format("{}: {}", step, error->what));
      break;
    case AMQP_RESPONSE_NONE:
      break;
  }
  return failed(fmt::format("{}: the broker went away", step));
}

struct Destroy {
  void operator()(amqp_connection_state_t state) const { amqp_destroy_connection(state); }
};
using Connection = std::unique_ptr<amqp_connection_state_t_, Destroy>;

}  // namespace

class Link::Impl {
 public:
  explicit Impl(LinkOptions options)
      : options_(std::move(options)), state_(amqp_new_connection()) {}
  ~Impl() {
    state_.reset();
    if (abort_fd_ >= 0) ::close(abort_fd_);
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Result<void> open(const Address& address);
  bool writable(std::size_t bytes) const;
  Result<std::uint64_t> publish(const Outgoing& outgoing);
  Result<void> poll(milliseconds patience, LinkEvents& events);
  void close(milliseconds patience);
  void abort() const noexcept { ::shutdown(abort_fd_, SHUT_RDWR); }

 private:
  /// A return's content: its header tells which body it is, the rest is let go.
  struct Return {
    std::string routing_key;
    bool header_seen = false;
    std::uint64_t left = 0;
  };

  Result<void> take_steps(const Address& address);
  Result<void> connect(const Address& address);
  Result<void> log_in(const Address& address);
  Result<void> prepare_channel();
  Result<void> handle(const amqp_frame_t& frame, LinkEvents& events);
  Result<void> handle_method(const amqp_method_t& method, LinkEvents& events);
  void handle_header(const amqp_frame_t& frame, LinkEvents& events);
  void answer_close(const amqp_method_t& method);

  LinkOptions options_;
  Connection state_;
  int abort_fd_ = -1;  // our own descriptor of the socket: the library closes its own on errors
  std::uint64_t last_tag_ = 0;
  std::optional<Return> return_;
};

Link::Result<void> Link::Impl::open(const Address& address) {
  auto done = take_steps(address);
  if (!done && address.tls) {
    if (const auto why = tls_failure(); !why.empty()) done.error().what += ": " + why;
  }
  return done;
}

Link::Result<void> Link::Impl::take_steps(const Address& address) {
  if (!state_) return failed("there is not enough memory");
  if (auto done = connect(address); !done) return done;
  if (auto done = log_in(address); !done) return done;
  return prepare_channel();
}

Link::Result<void> Link::Impl::connect(const Address& address) {
  auto* state = state_.get();
  auto* socket = address.tls ? amqp_ssl_socket_new(state) : amqp_tcp_socket_new(state);
  if (socket == nullptr) return failed("cannot make a socket");
  if (address.tls) {
    // The library's own check of names knows no IP addresses; OpenSSL's does.
    amqp_ssl_socket_set_verify_hostname(socket, 0);
    auto* context = amqp_ssl_socket_get_context(socket);
    if (auto error = prepare_tls(context, address.host, options_.tls)) {
      return failed(std::move(*error));
    }
  }
  const auto time_out = time_of(options_.time_out);
  amqp_set_handshake_timeout(state, &time_out);
  amqp_set_rpc_timeout(state, &time_out);
  const int status =
      amqp_socket_open_noblock(socket, address.host.c_str(), address.port, &time_out);
  if (status != AMQP_STATUS_OK) return failed("cannot connect", status);
  abort_fd_ = ::dup(amqp_get_sockfd(state));
  return {};
}

Link::Result<void> Link::Impl::log_in(const Address& address) {
  WireTable capabilities;
  capabilities.add_flag("publisher_confirms", true);
  capabilities.add_flag("basic.nack", true);
  capabilities.add_flag("connection.blocked", true);
  capabilities.add_flag("authentication_failure_close", true);
  WireTable properties;
  properties.add_text("product", "mexport");
  properties.add_text("version", options_.version);
  properties.add_text("platform", "C++");
  properties.add_text("connection_name", options_.connection_name);
  properties.add_table("capabilities", capabilities);
  const auto table = properties.get();
  const auto reply = amqp_login_with_properties(
      state_.get(), address.vhost.c_str(), kChannel, kFrameMax,
      static_cast<int>(options_.heartbeat.count()), &table, AMQP_SASL_METHOD_PLAIN,
      address.user.c_str(), address.password.reveal().c_str());
  auto done = check("cannot log in", reply);
  // A broker that does not like the certificate says so only now, and its word may get lost.
  if (!done && reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION &&
      reply.library_error == AMQP_STATUS_SSL_ERROR) {
    done.error().what += options_.tls.certificate_file.empty()
                             ? " (the broker may ask for a client certificate)"
                             : " (the broker may not accept the client certificate)";
  }
  return done;
}

Link::Result<void> Link::Impl::prepare_channel() {
  auto* state = state_.get();
  amqp_channel_open(state, kChannel);
  if (auto done = check("cannot open a channel", amqp_get_rpc_reply(state)); !done) return done;
  amqp_exchange_declare(state, kChannel, bytes_of(kExchange), bytes_of("topic"), 0, 0, 0, 0,
                        amqp_empty_table);
  const auto what = fmt::format("cannot declare the exchange {}", kExchange);
  if (auto done = check(what, amqp_get_rpc_reply(state)); !done) return done;
  amqp_confirm_select(state, kChannel);
  return check("cannot have publishings confirmed", amqp_get_rpc_reply(state));
}

bool Link::Impl::writable(std::size_t bytes) const {
  const int socket = abort_fd_;
  int queued = 0;
  if (::ioctl(socket, SIOCOUTQ, &queued) != 0 || queued <= 0) return true;
  int buffer = 0;
  socklen_t size = sizeof buffer;
  if (::getsockopt(socket, SOL_SOCKET, SO_SNDBUF, &buffer, &size) != 0) return true;
  // The kernel counts its own bookkeeping in the buffer's size: about as much again.
  return static_cast<std::size_t>(queued) + bytes + kEnvelope <
         static_cast<std::size_t>(std::max(buffer, 0)) / 2;
}

Link::Result<std::uint64_t> Link::Impl::publish(const Outgoing& outgoing) {
  const auto headers = headers_of(outgoing);
  amqp_basic_properties_t properties{};
  properties._flags = AMQP_BASIC_DELIVERY_MODE_FLAG | AMQP_BASIC_HEADERS_FLAG;
  properties.delivery_mode =
      options_.persistent ? AMQP_DELIVERY_PERSISTENT : AMQP_DELIVERY_NONPERSISTENT;
  properties.headers = headers.get();
  const int status = amqp_basic_publish(state_.get(), kChannel, bytes_of(kExchange),
                                        bytes_of(outgoing.body.routing_key), 1, 0, &properties,
                                        bytes_of(base::as_text(outgoing.body.body)));
  if (status != AMQP_STATUS_OK) return failed("cannot publish", status);
  return ++last_tag_;
}

Link::Result<void> Link::Impl::poll(milliseconds patience, LinkEvents& events) {
  auto* state = state_.get();
  auto wait = time_of(patience);
  for (int i = 0; i < kMaxFrames; ++i) {
    amqp_maybe_release_buffers(state);
    amqp_frame_t frame{};
    const int status = amqp_simple_wait_frame_noblock(state, &frame, &wait);
    if (status == AMQP_STATUS_TIMEOUT) break;
    if (status != AMQP_STATUS_OK) return failed("the connection is lost", status);
    if (auto done = handle(frame, events); !done) return done;
    wait = {};
  }
  amqp_maybe_release_buffers(state);
  return {};
}

Link::Result<void> Link::Impl::handle(const amqp_frame_t& frame, LinkEvents& events) {
  switch (frame.frame_type) {
    case AMQP_FRAME_METHOD:
      return handle_method(frame.payload.method, events);
    case AMQP_FRAME_HEADER:
      handle_header(frame, events);
      return {};
    case AMQP_FRAME_BODY:
      if (return_)
        return_->left -= std::min(return_->left, std::uint64_t{frame.payload.body_fragment.len});
      if (return_ && return_->left == 0) return_.reset();
      return {};
    default:
      return {};
  }
}

Link::Result<void> Link::Impl::handle_method(const amqp_method_t& method, LinkEvents& events) {
  if (auto error = closed(method)) {
    answer_close(method);
    return std::unexpected(std::move(*error));
  }
  switch (method.id) {
    case AMQP_BASIC_ACK_METHOD: {
      const auto* ack = static_cast<const amqp_basic_ack_t*>(method.decoded);
      events.on_ack(ack->delivery_tag, ack->multiple != 0);
      return {};
    }
    case AMQP_BASIC_NACK_METHOD: {
      const auto* nack = static_cast<const amqp_basic_nack_t*>(method.decoded);
      events.on_nack(nack->delivery_tag, nack->multiple != 0);
      return {};
    }
    case AMQP_BASIC_RETURN_METHOD: {
      const auto* returned = static_cast<const amqp_basic_return_t*>(method.decoded);
      return_ = Return{.routing_key = std::string(text_of(returned->routing_key))};
      return {};
    }
    case AMQP_CONNECTION_BLOCKED_METHOD: {
      const auto* blocked = static_cast<const amqp_connection_blocked_t*>(method.decoded);
      events.on_blocked(true, printable(text_of(blocked->reason)));
      return {};
    }
    case AMQP_CONNECTION_UNBLOCKED_METHOD:
      events.on_blocked(false, {});
      return {};
    default:
      return {};
  }
}

void Link::Impl::handle_header(const amqp_frame_t& frame, LinkEvents& events) {
  if (!return_ || return_->header_seen) return;
  return_->header_seen = true;
  return_->left = frame.payload.properties.body_size;
  const auto* properties =
      static_cast<const amqp_basic_properties_t*>(frame.payload.properties.decoded);
  if (frame.payload.properties.class_id == AMQP_BASIC_CLASS && properties != nullptr &&
      (properties->_flags & AMQP_BASIC_HEADERS_FLAG) != 0) {
    if (const auto body = identify_returned(properties->headers)) {
      events.on_return(return_->routing_key, body->run_id, body->first);
    }
  }
  if (return_->left == 0) return_.reset();
}

void Link::Impl::answer_close(const amqp_method_t& method) {
  // The link is of no more use either way.
  if (method.id == AMQP_CONNECTION_CLOSE_METHOD) {
    amqp_connection_close_ok_t answer{};
    (void)amqp_send_method(state_.get(), 0, AMQP_CONNECTION_CLOSE_OK_METHOD, &answer);
  } else {
    amqp_channel_close_ok_t answer{};
    (void)amqp_send_method(state_.get(), kChannel, AMQP_CHANNEL_CLOSE_OK_METHOD, &answer);
  }
}

void Link::Impl::close(milliseconds patience) {
  if (!writable(0)) return;  // it would wait for a broker that does not read
  const auto time_out = time_of(patience);
  amqp_set_rpc_timeout(state_.get(), &time_out);
  (void)amqp_connection_close(state_.get(), AMQP_REPLY_SUCCESS);
}

Link::Link(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Link::~Link() = default;

Link::Result<std::unique_ptr<Link>> Link::open(const Address& address, const LinkOptions& options) {
  auto impl = std::make_unique<Impl>(options);
  if (auto done = impl->open(address); !done) return std::unexpected(std::move(done.error()));
  return std::unique_ptr<Link>(new Link(std::move(impl)));
}

bool Link::writable(std::size_t bytes) const {
  return impl_->writable(bytes);
}
Link::Result<std::uint64_t> Link::publish(const Outgoing& outgoing) {
  return impl_->publish(outgoing);
}
Link::Result<void> Link::poll(std::chrono::milliseconds patience, LinkEvents& events) {
  return impl_->poll(patience, events);
}
void Link::close(std::chrono::milliseconds patience) {
  impl_->close(patience);
}
void Link::abort() noexcept {
  impl_->abort();
}

}  // namespace mexport::exporter::amqp
