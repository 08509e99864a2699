package main

import (
	"math"
	"time"

	"k8s.io/apiserver/pkg/audit/policy"
	"k8s.io/apiserver/pkg/authorization/authorizer"
)

// How many stretches a measurement has, of which the shortest counts.
const stretches = 50

// How long a stretch takes at least: less than what the machine gives to one program at a time.
const longEnough = 300 * time.Microsecond

// How many decisions came out at a level above None: something must use what is measured.
var recorded int

// Nanoseconds a decision.
func bench(text []byte, requests []attributes) any {
	loaded, err := policy.LoadPolicyFromBytes(text)
	if err != nil {
		return map[string]any{"rejected": err.Error()}
	}
	evaluator := policy.NewPolicyRuleEvaluator(loaded)
	records := make([]authorizer.Attributes, 0, len(requests))
	for _, a := range requests {
		// A pointer, as the API server has it.
		record := a.record()
		records = append(records, &record)
	}
	best := math.MaxFloat64
	for rounds, stretch := 1, 0; stretch < stretches; {
		begin := time.Now()
		for range rounds {
			for _, record := range records {
				if evaluator.EvaluatePolicyRule(record).Level != "None" {
					recorded++
				}
			}
		}
		elapsed := time.Since(begin)
		if elapsed < longEnough {
			rounds *= 2
			continue
		}
		stretch++
		best = min(best, float64(elapsed.Nanoseconds())/float64(rounds)/float64(len(records)))
	}
	return best
}
