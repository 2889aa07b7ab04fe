// SPDX-License-Identifier: MIT
#include "wire/length_delimited.hpp"

#include "tests/unit/wire/hex.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace mexport::wire {
namespace {

struct Collected {
  LengthDelimitedReader reader{1000};
  std::vector<std::string> messages;

  base::Status feed(base::ByteView data) {
    return reader.feed(data, [this](base::ByteView body) -> base::Status {
      messages.emplace_back(base::as_text(body));
      return {};
    });
  }
};

base::Bytes frames(const std::vector<std::string>& bodies) {
  base::Bytes out;
  for (const auto& body : bodies) append_length_delimited(out, base::as_bytes(body));
  return out;
}

TEST(LengthDelimited, GivesTheSameMessagesHoweverTheyAreCut) {
  const std::vector<std::string> bodies{"one", "", std::string(300, 'x'), "", "last"};
  const auto stream = frames(bodies);
  for (std::size_t piece = 1; piece <= stream.size(); ++piece) {
    Collected c;
    for (std::size_t at = 0; at < stream.size(); at += piece) {
      const base::ByteView rest = base::ByteView(stream).subspan(at);
      ASSERT_TRUE(c.feed(rest.first(std::min(piece, rest.size()))));
    }
    EXPECT_EQ(c.messages, bodies) << "pieces of " << piece;
    EXPECT_FALSE(c.reader.within_message());
    EXPECT_EQ(c.reader.memory_size(), 0U);
  }
}

TEST(LengthDelimited, HandsAWholeMessageOverInPlace) {
  const auto stream = frames({"abc"});
  LengthDelimitedReader reader(10);
  const std::uint8_t* seen = nullptr;
  ASSERT_TRUE(reader.feed(stream, [&](base::ByteView body) -> base::Status {
    seen = body.data();
    return {};
  }));
  EXPECT_EQ(seen, stream.data() + 1);
}

TEST(LengthDelimited, HoldsNotMuchMoreThanWhatHasArrived) {
  LengthDelimitedReader reader(4 << 20);
  const auto ignore = [](base::ByteView) -> base::Status { return {}; };
  ASSERT_TRUE(reader.feed(bytes("80 80 80 02"), ignore));  // announces 4 MiB
  EXPECT_EQ(reader.memory_size(), 0U);
  const base::Bytes piece(1000, 1);
  for (std::size_t arrived = 1000; arrived <= 1'000'000; arrived += 1000) {
    ASSERT_TRUE(reader.feed(piece, ignore));
    ASSERT_EQ(reader.buffered(), arrived);
    ASSERT_LE(reader.memory_size(), 2 * arrived);
  }
}

TEST(LengthDelimited, GivesAGatheredMessageAwayWithItsBuffer) {
  LengthDelimitedReader reader(10);
  base::Bytes gathered;
  base::ByteView seen;
  const auto take = [&](base::ByteView body) -> base::Status {
    seen = body;
    gathered = reader.take_gathered();
    return {};
  };
  ASSERT_TRUE(reader.feed(bytes("03 61 62"), take));
  EXPECT_EQ(reader.gathering(), 3U);
  ASSERT_TRUE(reader.feed(bytes("63 01"), take));
  EXPECT_EQ(base::as_text(gathered), "abc");
  EXPECT_EQ(seen.data(), gathered.data());
  EXPECT_EQ(reader.memory_size(), 0U);
  EXPECT_EQ(reader.gathering(), 0U);
  const auto last = bytes("64");
  ASSERT_TRUE(reader.feed(last, take));
  EXPECT_TRUE(gathered.empty());
  EXPECT_EQ(seen.data(), last.data()) << "handed over in place";
}

TEST(LengthDelimited, BuffersOfLongMessagesAreNotCopied) {
  constexpr std::size_t kPiece = 64 << 10;
  LengthDelimitedReader reader(4 << 20);
  const auto ignore = [](base::ByteView) -> base::Status { return {}; };
  ASSERT_TRUE(reader.feed(bytes("80 80 80 02"), ignore));
  const base::Bytes piece(kPiece, 1);
  for (std::size_t at = 0; at <= LengthDelimitedReader::kReserveWhole; at += kPiece) {
    ASSERT_TRUE(reader.feed(piece, ignore));
  }
  const auto* const data = reader.gathered().data();
  for (int i = 0; i < 20; ++i) ASSERT_TRUE(reader.feed(piece, ignore));
  EXPECT_EQ(reader.gathered().data(), data);
  EXPECT_EQ(reader.memory_size(), reader.buffered());
}

TEST(LengthDelimited, AcceptsTheLimitAndRefusesOneMore) {
  Collected c;
  EXPECT_TRUE(c.feed(frames({std::string(1000, 'a')})));
  EXPECT_EQ(c.feed(bytes("e9 07")), base::fail(Error::message_too_large));
  Collected early;
  EXPECT_EQ(early.feed(bytes("ff ff")), base::fail(Error::message_too_large))
      << "before the length is complete";
}

TEST(LengthDelimited, RefusesABadLength) {
  Collected c;
  EXPECT_EQ(c.feed(bytes("81 00")), base::fail(Error::bad_length_prefix)) << "not minimal";
  Collected zeros;
  EXPECT_EQ(zeros.feed(bytes("80 80 80 80 80 80 80 80 80 80")),
            base::fail(Error::bad_length_prefix))
      << "more than nine bytes";
}

TEST(LengthDelimited, StopsAtTheCallersError) {
  LengthDelimitedReader reader(10);
  int calls = 0;
  const auto status = reader.feed(frames({"a", "b"}), [&](base::ByteView) -> base::Status {
    ++calls;
    return base::fail(Error::bad_cid);
  });
  EXPECT_EQ(status, base::fail(Error::bad_cid));
  EXPECT_EQ(calls, 1);
}

TEST(LengthDelimited, KnowsWhenAMessageHasBegun) {
  Collected c;
  ASSERT_TRUE(c.feed(bytes("80")));
  EXPECT_TRUE(c.reader.within_message());
  ASSERT_TRUE(c.feed(bytes("01")));
  EXPECT_TRUE(c.reader.within_message());
  ASSERT_TRUE(c.feed(base::Bytes(128, 'x')));
  EXPECT_FALSE(c.reader.within_message());
  EXPECT_EQ(c.messages.size(), 1U);
}

}  // namespace
}  // namespace mexport::wire
