// SPDX-License-Identifier: MIT

package metricexport

import logging "github.com/ipfs/go-log/v2"

var log = logging.Logger("metric-export")

// say logs a line of the monitor's.
func say(level, component, text string) {
	switch level {
	case "error":
		log.Errorf("%s: %s", component, text)
	case "warn":
		log.Warnf("%s: %s", component, text)
	case "info":
		log.Infof("%s: %s", component, text)
	default:
		log.Debugf("%s: %s", component, text)
	}
}
