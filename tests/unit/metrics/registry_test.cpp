// SPDX-License-Identifier: MIT
#include "metrics/registry.hpp"

#include <gtest/gtest.h>

namespace mexport::metrics {
namespace {

TEST(Registry, WritesFamiliesByNameAndLeavesEmptyOnesOut) {
  Registry registry;
  registry.add([](Families& families) {
    families.push_back({"b_total", Type::counter, "Bs.", {{{{"l", "a\"\\\n"}}, 3}}});
    families.push_back({"empty", Type::gauge, "None.", {}});
  });
  registry.add(
      [](Families& families) { families.push_back({"a", Type::gauge, "As.", {{{}, 0.5}}}); });
  EXPECT_EQ(registry.text(),
            "# HELP a As.\n# TYPE a gauge\na 0.5\n"
            "# HELP b_total Bs.\n# TYPE b_total counter\nb_total{l=\"a\\\"\\\\\\n\"} 3\n");
}

TEST(Registry, AsksAgainEachTime) {
  Registry registry;
  int asked = 0;
  registry.add([&](Families& families) {
    families.push_back({"n", Type::gauge, "N.", {{{}, static_cast<double>(++asked)}}});
  });
  EXPECT_NE(registry.text().find("\nn 1\n"), std::string::npos);
  EXPECT_NE(registry.text().find("\nn 2\n"), std::string::npos);
}

TEST(Registry, MakesHistogramsCumulative) {
  Registry registry;
  registry.add([](Families& families) {
    families.push_back({"h", Type::histogram, "H.", {{{}, 0, {{1, 2}, {3, 4, 5}, 20}}}});
  });
  EXPECT_EQ(registry.text(),
            "# HELP h H.\n# TYPE h histogram\nh_count 12\nh_sum 20\n"
            "h_bucket{le=\"1\"} 3\nh_bucket{le=\"2\"} 7\nh_bucket{le=\"+Inf\"} 12\n");
}

}  // namespace
}  // namespace mexport::metrics
