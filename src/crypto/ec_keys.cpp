// SPDX-License-Identifier: MIT
#include "crypto/ec_keys.hpp"

#include "crypto/openssl_types.hpp"

#include <openssl/core_names.h>
#include <openssl/param_build.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace mexport::crypto {
namespace {

using namespace std::string_view_literals;

/// What stands before the point: the algorithm, the curve, the beginning of the bit string (RFC
/// 5480, section 2), and the mark of an uncompressed point.
struct Curve {
  const char* group;
  std::string_view prefix;
  std::size_t coordinates;
};
constexpr auto kCurves = std::to_array<Curve>({
    {"P-256",
     "\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
     "\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00\x04"sv,
     64},
    {"P-384",
     "\x30\x76\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
     "\x06\x05\x2b\x81\x04\x00\x22\x03\x62\x00\x04"sv,
     96},
    {"P-521",
     "\x30\x81\x9b\x30\x10\x06\x07\x2a\x86\x48\xce\x3d\x02\x01"
     "\x06\x05\x2b\x81\x04\x00\x23\x03\x81\x86\x00\x04"sv,
     132},
});

}  // namespace

OpenSslKey make_ec_key(const char* group, base::ByteView point, const BIGNUM* scalar) {
  const ParamBuilderPtr builder(OSSL_PARAM_BLD_new());
  if (!builder ||
      OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, group, 0) != 1 ||
      OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(),
                                       point.size()) != 1 ||
      (scalar != nullptr &&
       OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_PRIV_KEY, scalar) != 1)) {
    return nullptr;
  }
  const ParamsPtr params(OSSL_PARAM_BLD_to_param(builder.get()));
  const KeyContextPtr context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* key = nullptr;
  if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key,
                        scalar != nullptr ? EVP_PKEY_KEYPAIR : EVP_PKEY_PUBLIC_KEY,
                        params.get()) != 1) {
    return nullptr;
  }
  return adopt(key);
}

OpenSslKey parse_curve_key_info(base::ByteView der) {
  const auto* const curve = std::ranges::find_if(kCurves, [&](const Curve& known) {
    return der.size() == known.prefix.size() + known.coordinates &&
           base::as_text(der).starts_with(known.prefix);
  });
  if (curve == std::end(kCurves)) return nullptr;
  return make_ec_key(curve->group, der.last(1 + curve->coordinates));
}

}  // namespace mexport::crypto
