// SPDX-License-Identifier: MIT

package metricexport

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"sync"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
	"github.com/prometheus/common/expfmt"

	"mexport/kubo-plugin/internal/queue"
	"mexport/kubo-plugin/internal/record"
)

// collector adds the monitor's metrics to kubo's. Its families are known only when it is asked.
type collector struct {
	records *queue.Queue

	mutex sync.RWMutex
	text  func() ([]byte, error) // nil once the monitor has gone
}

var (
	panicsDesc = prometheus.NewDesc("mexport_kubo_plugin_panics_total", "Faults within the plugin that were caught.", nil, nil)
	lostDesc   = prometheus.NewDesc("mexport_kubo_plugin_lost_records_total",
		"Records that did not fit the queue between kubo and the monitor, by kind.", []string{"kind"}, nil)
)

func (*collector) Describe(chan<- *prometheus.Desc) {}

func (c *collector) Collect(out chan<- prometheus.Metric) {
	guard("collecting metrics", func() {
		out <- prometheus.MustNewConstMetric(panicsDesc, prometheus.CounterValue, float64(panics.Load()))
		for kind, count := range c.records.Dropped() {
			if kind != 0 {
				out <- prometheus.MustNewConstMetric(lostDesc, prometheus.CounterValue, float64(count), record.Kind(kind).String())
			}
		}
		if err := c.monitor(out); err != nil {
			log.Errorf("metrics of the monitor: %v", err)
		}
	})
}

// close returns when nobody asks the monitor any more.
func (c *collector) close() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.text = nil
}

func (c *collector) monitor(out chan<- prometheus.Metric) error {
	c.mutex.RLock()
	defer c.mutex.RUnlock()
	if c.text == nil {
		return nil
	}
	text, err := c.text()
	if err != nil {
		return err
	}
	return emit(out, text)
}

// ours tells families that kubo does not have itself: one that comes twice would fail the whole page.
func ours(name string) bool {
	return strings.HasPrefix(name, "plugin_metric_export_") || strings.HasPrefix(name, "mexport_")
}

// emit reads Prometheus' text format.
func emit(out chan<- prometheus.Metric, text []byte) error {
	decoder := expfmt.NewDecoder(bytes.NewReader(text), expfmt.NewFormat(expfmt.TypeTextPlain))
	for {
		var family dto.MetricFamily
		if err := decoder.Decode(&family); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if !ours(family.GetName()) {
			continue
		}
		for _, metric := range family.GetMetric() {
			converted, err := convert(&family, metric)
			if err != nil {
				return fmt.Errorf("%s: %w", family.GetName(), err)
			}
			out <- converted
		}
	}
}

func convert(family *dto.MetricFamily, metric *dto.Metric) (prometheus.Metric, error) {
	var names, values []string
	for _, label := range metric.GetLabel() {
		names, values = append(names, label.GetName()), append(values, label.GetValue())
	}
	desc := prometheus.NewDesc(family.GetName(), family.GetHelp(), names, nil)
	switch family.GetType() {
	case dto.MetricType_COUNTER:
		return prometheus.NewConstMetric(desc, prometheus.CounterValue, metric.GetCounter().GetValue(), values...)
	case dto.MetricType_GAUGE:
		return prometheus.NewConstMetric(desc, prometheus.GaugeValue, metric.GetGauge().GetValue(), values...)
	case dto.MetricType_HISTOGRAM:
		histogram := metric.GetHistogram()
		return prometheus.NewConstHistogram(desc, histogram.GetSampleCount(), histogram.GetSampleSum(), buckets(histogram), values...)
	case dto.MetricType_SUMMARY:
		summary := metric.GetSummary()
		return prometheus.NewConstSummary(desc, summary.GetSampleCount(), summary.GetSampleSum(), quantiles(summary), values...)
	default:
		return prometheus.NewConstMetric(desc, prometheus.UntypedValue, metric.GetUntyped().GetValue(), values...)
	}
}

// buckets leaves out the one without bound, which the writer of the text adds again.
func buckets(histogram *dto.Histogram) map[float64]uint64 {
	found := make(map[float64]uint64)
	for _, bucket := range histogram.GetBucket() {
		if !math.IsInf(bucket.GetUpperBound(), 1) {
			found[bucket.GetUpperBound()] = bucket.GetCumulativeCount()
		}
	}
	return found
}

func quantiles(summary *dto.Summary) map[float64]float64 {
	found := make(map[float64]float64)
	for _, quantile := range summary.GetQuantile() {
		found[quantile.GetQuantile()] = quantile.GetValue()
	}
	return found
}
