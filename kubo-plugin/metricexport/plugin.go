// SPDX-License-Identifier: MIT

// Package metricexport is a plugin of kubo that hands to mexport's monitor what the node sees of Bitswap.
package metricexport

import (
	"sync"

	"github.com/ipfs/boxo/bitswap"
	"github.com/ipfs/kubo/core"
	"github.com/ipfs/kubo/plugin"
	"go.uber.org/fx"

	"mexport/kubo-plugin/internal/queue"
)

// Plugins is what kubo's loader takes.
var Plugins = []plugin.Plugin{&Plugin{records: queue.New(queue.Capacity)}}

// Plugin runs in each ipfs command, its monitor in the daemon alone.
type Plugin struct {
	repo    string
	config  any
	records *queue.Queue

	mutex   sync.Mutex
	running *running
}

var (
	_ plugin.PluginDaemonInternal = (*Plugin)(nil)
	_ plugin.PluginFx             = (*Plugin)(nil)
)

func (*Plugin) Name() string { return "metric-export-plugin" }

func (*Plugin) Version() string { return "1.0.0" }

func (p *Plugin) Init(env *plugin.Environment) error {
	p.repo, p.config = env.Repo, env.Config
	return nil
}

type bitswapOptions struct {
	fx.Out

	Options []bitswap.Option `group:"bitswap-options,flatten"`
}

// Options adds the tracer to Bitswap.
func (p *Plugin) Options(info core.FXNodeInfo) ([]fx.Option, error) {
	trace := func() bitswapOptions {
		return bitswapOptions{Options: []bitswap.Option{bitswap.WithTracer(&tracer{p.records})}}
	}
	return append(info.FXOptions, fx.Provide(trace)), nil
}

// Start starts the monitor. It fails when the monitor refuses its configuration; nothing later ends the daemon.
func (p *Plugin) Start(node *core.IpfsNode) error {
	started, err := start(node.PeerHost, p.repo, p.config, p.records)
	if err != nil {
		return err
	}
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.running = started
	return nil
}

// Close ends the monitor once everything that was seen is written.
func (p *Plugin) Close() error {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	if p.running != nil {
		p.running.stop()
		p.running = nil
	}
	return nil
}
