// SPDX-License-Identifier: MIT

// kubo's ipfs with the plugin inside.
package main

import (
	"os"

	"github.com/ipfs/kubo/cmd/ipfs/kubo"
	"github.com/ipfs/kubo/plugin/loader"

	"mexport/kubo-plugin/metricexport"
)

func init() { loader.Preload(metricexport.Plugins...) }

func main() { os.Exit(kubo.Start(kubo.BuildDefaultEnv)) }
