package main

import (
	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
)

// What Kubernetes logged since the last question.
var logged = []string{}

func init() {
	klog.SetLogger(logr.New(sink{}))
}

// A sink keeps the messages of klog as they are, without its prefix.
type sink struct{}

func (sink) Init(logr.RuntimeInfo)            {}
func (sink) Enabled(int) bool                 { return true }
func (s sink) WithValues(...any) logr.LogSink { return s }
func (s sink) WithName(string) logr.LogSink   { return s }

func (sink) Info(_ int, message string, _ ...any) {
	logged = append(logged, message)
}

func (sink) Error(_ error, message string, _ ...any) {
	logged = append(logged, message)
}
