// SPDX-License-Identifier: MIT

package metricexport

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"time"

	kubo "github.com/ipfs/kubo"
	"github.com/libp2p/go-libp2p/core/host"
)

// The monitor's files within kubo's repository.
const dataFolder = "metric-export"

type monitorOptions struct {
	Config  any         `json:"config"`
	DataDir string      `json:"data_dir"`
	Host    hostOptions `json:"host"`
}

type hostOptions struct {
	PeerID       string   `json:"peer_id"`
	ListenAddrs  []string `json:"listen_addrs"`
	AgentVersion string   `json:"agent_version"`
}

// monitorOptionsOf returns what mexport_start() takes.
func monitorOptionsOf(host host.Host, repo string, config any) ([]byte, error) {
	folder, err := filepath.Abs(filepath.Join(repo, dataFolder))
	if err != nil {
		return nil, fmt.Errorf("folder of the monitor in %s: %w", repo, err)
	}
	addresses := []string{}
	for _, address := range host.Addrs() {
		addresses = append(addresses, address.String())
	}
	return json.Marshal(monitorOptions{
		Config:  config,
		DataDir: folder,
		Host: hostOptions{
			PeerID:       host.ID().String(),
			ListenAddrs:  addresses,
			AgentVersion: kubo.GetUserAgentVersion(),
		},
	})
}

const defaultInterval = 10 * time.Second

// samplingInterval reads PopulatePrometheusInterval, which the monitor has found to be right.
func samplingInterval(config any) time.Duration {
	section, _ := config.(map[string]any)
	if seconds, ok := section["PopulatePrometheusInterval"].(float64); ok && seconds > 0 {
		return time.Duration(seconds * float64(time.Second))
	}
	return defaultInterval
}
