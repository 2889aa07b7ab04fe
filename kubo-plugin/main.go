// SPDX-License-Identifier: MIT

// The shared object that kubo loads from $IPFS_PATH/plugins: go build -buildmode=plugin -o mexport.so
package main

import "mexport/kubo-plugin/metricexport"

// Plugins is what kubo looks for.
var Plugins = metricexport.Plugins

func main() {}
