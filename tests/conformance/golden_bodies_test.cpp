// SPDX-License-Identifier: MIT
// The bodies that the reference published, taken apart into their events and made again: what is
// decompressed must be the same to the byte, and so must the headers around it.
#include "export/amqp/body.hpp"
#include "export/json_scanner.hpp"
#include "tests/unit/export/unpacked.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <vector>

namespace mexport::exporter::amqp {
namespace {

constexpr std::string_view kExtra = R"(,"ext":{"seq":1}})";

base::Bytes read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

/// The events of an array as our encoder would have put them into a batch.
Batch batch_of(std::string_view array, monitor::EventKind kind) {
  Batch batch;
  JsonScanner elements(array);
  while (const auto event = elements.next_element()) {
    const auto offset = batch.lines.size();
    batch.lines.append(event->substr(0, event->size() - 1)).append(kExtra);
    batch.events.push_back({.sequence = batch.events.size() + 1,
                            .offset = static_cast<std::uint32_t>(offset),
                            .size = static_cast<std::uint32_t>(batch.lines.size() - offset),
                            .reference_size = static_cast<std::uint32_t>(event->size() - 1),
                            .kind = kind});
    batch.lines.push_back('\n');
  }
  return batch;
}

void expect_same(const boost::json::object& delivery) {
  const std::string file(delivery.at("file").as_string());
  SCOPED_TRACE(file);
  const auto recorded = read_file(MEXPORT_VECTORS "/golden/deliveries/" + file);
  const auto text = exporter::testing::unpacked(recorded);
  const std::string key(delivery.at("routing_key").as_string());
  const auto kind = key.ends_with(".conn_events") ? monitor::EventKind::connection_event
                                                  : monitor::EventKind::bitswap_message;
  BodyMaker maker(Fields::reference, "goldmon", "run");
  std::vector<SpooledBody> bodies;
  maker.add(batch_of(text, kind), {}, bodies);
  ASSERT_EQ(bodies.size(), 1U);
  const auto& body = bodies.front();
  EXPECT_EQ(exporter::testing::unpacked(body.body), text);
  EXPECT_EQ(body.routing_key, key);
  EXPECT_EQ(body.events, delivery.at("events").as_int64());
  EXPECT_EQ(base::to_hex(base::ByteView(body.body).first(10)),
            std::string_view(delivery.at("gzip_header").as_string()));
  EXPECT_EQ(base::to_hex(base::ByteView(body.body).last(8)),
            std::string_view(delivery.at("gzip_trailer").as_string()));
}

TEST(GoldenBodies, AreTheSameAfterDecompression) {
  std::ifstream in(MEXPORT_VECTORS "/golden/deliveries.jsonl");
  std::size_t count = 0;
  for (std::string line; std::getline(in, line); ++count) {
    expect_same(boost::json::parse(line).as_object());
  }
  EXPECT_EQ(count, 16U);
}

}  // namespace
}  // namespace mexport::exporter::amqp
