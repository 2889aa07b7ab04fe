// SPDX-License-Identifier: MIT

package metricexport

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/libp2p/go-libp2p/core/host"
	"github.com/prometheus/client_golang/prometheus"

	"mexport/kubo-plugin/internal/capi"
	"mexport/kubo-plugin/internal/queue"
)

const (
	commandPatience = time.Second
	stopPatience    = 10 * time.Second
)

// running is the monitor, and what keeps it supplied.
type running struct {
	monitor  *capi.Monitor
	records  *queue.Queue
	host     host.Host
	sender   *sender
	open     *connections
	identify *identifications
	metrics  *collector

	done    chan struct{} // nothing new is observed
	observe sync.WaitGroup
	carry   sync.WaitGroup // between queue, monitor and sender
}

func start(host host.Host, repo string, config any, records *queue.Queue) (*running, error) {
	options, err := monitorOptionsOf(host, repo, config)
	if err != nil {
		return nil, err
	}
	identify, err := newIdentifications(records, host)
	if err != nil {
		return nil, err
	}
	monitor, err := capi.Start(options)
	if err != nil {
		identify.close()
		return nil, fmt.Errorf("metric-export-plugin does not start: %w", err)
	}
	r := &running{monitor: monitor, records: records, host: host, identify: identify, done: make(chan struct{})}
	r.sender = newSender(records, host)
	r.open = newConnections(records, r.sender.left)
	r.metrics = &collector{records: records, text: monitor.Metrics}
	r.begin(samplingInterval(config))
	return r, nil
}

func (r *running) begin(interval time.Duration) {
	early, _ := r.records.Take(nil) // messages that came before the monitor was there, of connections that it has to know first
	r.open.watch(r.host.Network())
	r.records.PushAll(early)
	r.observe.Add(2)
	go func() { defer r.observe.Done(); r.identify.run() }()
	sampler := &sampler{records: r.records, host: r.host}
	go func() { defer r.observe.Done(); sampler.run(interval, r.done) }()
	r.carry.Add(2)
	go func() { defer r.carry.Done(); r.supply() }()
	go func() { defer r.carry.Done(); r.fetch() }()
	if err := prometheus.Register(r.metrics); err != nil {
		log.Errorf("metrics: %v", err)
	}
	if urls, err := r.monitor.APIURLs(); err == nil && len(urls) > 0 {
		log.Infof("HTTP API on %s", strings.Join(urls, ", "))
	}
}

// supply hands over what is queued, until the queue is closed and empty.
func (r *running) supply() {
	var batch []byte
	for open := true; open; {
		<-r.records.Ready()
		batch, open = r.records.Take(batch)
		guard("handing over records", func() { r.submit(batch) })
		r.records.Handed()
	}
}

// submit tries the records one by one when their batch is refused: the others are in order.
func (r *running) submit(batch []byte) {
	err := r.monitor.Submit(batch)
	if errors.Is(err, capi.ErrMalformed) {
		for record := range queue.Records(batch) {
			if err := r.monitor.Submit(record); err != nil {
				log.Errorf("a record of kind %d and %d bytes: %v", record[4], len(record), err)
			}
		}
		return
	}
	if err != nil && !errors.Is(err, capi.ErrStopped) {
		log.Errorf("handing over %d bytes of records: %v", len(batch), err)
	}
}

// fetch carries out commands until the monitor has stopped.
func (r *running) fetch() {
	for {
		text, err := r.monitor.NextCommand(commandPatience)
		if errors.Is(err, capi.ErrStopped) {
			return
		}
		if err != nil {
			log.Errorf("asking the monitor for commands: %v", err)
			time.Sleep(commandPatience)
			continue
		}
		if len(text) > 0 {
			guard("a command of the monitor", func() {
				if err := r.obey(text); err != nil {
					log.Error(err)
				}
			})
		}
	}
}

// stop ends in order: what observes, the monitor (which still sends what is due), what carries.
func (r *running) stop() {
	close(r.done)
	r.host.Network().StopNotify(r.open)
	r.identify.close()
	r.observe.Wait()
	r.records.Seal()
	if !r.records.Flush(stopPatience) {
		log.Error("some records were not handed over before the stop")
	}
	r.monitor.Stop(stopPatience)
	r.records.Close()
	r.carry.Wait()
	r.sender.close()
	prometheus.Unregister(r.metrics)
	r.metrics.close()
	r.monitor.Free()
	log.Info("stopped")
}
