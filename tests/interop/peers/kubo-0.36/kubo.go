// SPDX-License-Identifier: MIT

//go:build tools

// Package kubo names the program that this module pins.
package kubo

import _ "github.com/ipfs/kubo/cmd/ipfs"
