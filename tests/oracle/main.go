// The oracle answers questions about Kubernetes auditing by asking Kubernetes: one JSON object a line on standard input, one answer a
// line on standard output, in order.
package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"regexp"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/sets"
	auditinternal "k8s.io/apiserver/pkg/apis/audit"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
	"k8s.io/apiserver/pkg/audit"
	"k8s.io/apiserver/pkg/audit/policy"
	"k8s.io/apiserver/pkg/authentication/user"
	"k8s.io/apiserver/pkg/authorization/authorizer"
	"k8s.io/apiserver/pkg/endpoints/request"
	"k8s.io/apiserver/pkg/server/filters"
)

type question struct {
	// What is asked: load, match, bench, requestinfo, text or eventlist.
	Ask string `json:"ask"`
	// load, match and bench: the policy's text.
	Policy []byte `json:"policy"`
	// match and bench: what is asked of the policy.
	Attributes []attributes `json:"attributes"`
	// requestinfo: the request line's method and target.
	Method string `json:"method"`
	Target []byte `json:"target"`
	// text: the event.
	Event json.RawMessage `json:"event"`
	// eventlist: the body of a POST.
	Body string `json:"body"`
}

type attributes struct {
	User            *userInfo `json:"user"`
	Verb            string    `json:"verb"`
	ResourceRequest bool      `json:"resourceRequest"`
	Namespace       string    `json:"namespace"`
	APIGroup        string    `json:"apiGroup"`
	APIVersion      string    `json:"apiVersion"`
	Resource        string    `json:"resource"`
	Subresource     string    `json:"subresource"`
	Name            string    `json:"name"`
	Path            string    `json:"path"`
}

type userInfo struct {
	Username string   `json:"username"`
	Groups   []string `json:"groups"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	defer out.Flush()
	for {
		line, err := in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			var q question
			var answer any
			if err := json.Unmarshal(line, &q); err != nil {
				answer = map[string]any{"unreadable": err.Error()}
			} else {
				answer = ask(q)
			}
			text, err := json.Marshal(answer)
			if err != nil {
				text, _ = json.Marshal(map[string]any{"unwritable": err.Error()})
			}
			out.Write(append(text, '\n'))
		}
		if in.Buffered() == 0 {
			out.Flush()
		}
		if err != nil {
			return
		}
	}
}

func ask(q question) any {
	switch q.Ask {
	case "load":
		return load(q.Policy)
	case "match":
		return match(q.Policy, q.Attributes)
	case "bench":
		return bench(q.Policy, q.Attributes)
	case "requestinfo":
		return requestInfo(q.Method, q.Target)
	case "text":
		return text(q.Event)
	case "eventlist":
		return eventList([]byte(q.Body))
	}
	return map[string]any{"unknown": q.Ask}
}

// Where a scheme was made, as messages say it: it depends on the build. Release builds say pkg/audit/scheme.go:30.
var schemePosition = regexp.MustCompile(`[\w./-]*scheme\.go:\d+`)

func load(text []byte) any {
	logged = []string{}
	loaded, err := policy.LoadPolicyFromBytes(text)
	if err != nil {
		message := schemePosition.ReplaceAllString(err.Error(), "pkg/audit/scheme.go:30")
		return map[string]any{"accepted": false, "error": message, "warnings": logged, "policy": nil}
	}
	return map[string]any{"accepted": true, "error": nil, "warnings": logged, "policy": external(loaded)}
}

// The policy as audit.k8s.io/v1 JSON without kind and apiVersion.
func external(loaded *auditinternal.Policy) any {
	encoder := audit.Codecs.LegacyCodec(auditv1.SchemeGroupVersion)
	encoded, err := runtime.Encode(encoder, loaded)
	if err != nil {
		return err.Error()
	}
	var fields map[string]any
	if err := json.Unmarshal(encoded, &fields); err != nil {
		return err.Error()
	}
	delete(fields, "kind")
	delete(fields, "apiVersion")
	delete(fields, "metadata")
	return fields
}

func (a attributes) record() authorizer.AttributesRecord {
	record := authorizer.AttributesRecord{
		Verb: a.Verb, ResourceRequest: a.ResourceRequest, Namespace: a.Namespace, APIGroup: a.APIGroup,
		APIVersion: a.APIVersion, Resource: a.Resource, Subresource: a.Subresource, Name: a.Name, Path: a.Path,
	}
	if a.User != nil {
		record.User = &user.DefaultInfo{Name: a.User.Username, Groups: a.User.Groups}
	}
	return record
}

func match(text []byte, requests []attributes) any {
	loaded, err := policy.LoadPolicyFromBytes(text)
	if err != nil {
		return map[string]any{"rejected": err.Error()}
	}
	evaluator := policy.NewPolicyRuleEvaluator(loaded)
	decisions := make([]any, 0, len(requests))
	for _, a := range requests {
		config := evaluator.EvaluatePolicyRule(a.record())
		// A set: how often a stage is named makes no difference.
		stages := sets.NewString()
		for _, stage := range config.OmitStages {
			stages.Insert(string(stage))
		}
		decisions = append(decisions, []any{config.Level, stages.List(), config.OmitManagedFields})
	}
	return decisions
}

var factory = &request.RequestInfoFactory{
	APIPrefixes:          sets.NewString("api", "apis"),
	GrouplessAPIPrefixes: sets.NewString("api"),
}

var longRunning = filters.BasicLongRunningRequestCheck(
	sets.NewString("watch", "proxy"),
	sets.NewString("attach", "exec", "proxy", "log", "portforward"),
)

func requestInfo(method string, target []byte) any {
	raw := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: localhost\r\n\r\n", method, target)
	req, err := http.ReadRequest(bufio.NewReader(bytes.NewReader([]byte(raw))))
	if err != nil {
		return map[string]any{"httpError": true}
	}
	info, err := factory.NewRequestInfo(req)
	answer := map[string]any{
		"isResourceRequest": info.IsResourceRequest, "path": info.Path, "verb": info.Verb, "apiPrefix": info.APIPrefix,
		"apiGroup": info.APIGroup, "apiVersion": info.APIVersion, "namespace": info.Namespace, "resource": info.Resource,
		"subresource": info.Subresource, "name": info.Name, "requestURI": req.URL.RequestURI(),
		"longRunning": longRunning(req, info), "error": nil,
	}
	if err != nil {
		answer["error"] = err.Error()
	}
	return answer
}

func text(raw json.RawMessage) any {
	event := &auditinternal.Event{}
	decoder := audit.Codecs.UniversalDecoder(auditv1.SchemeGroupVersion)
	if err := runtime.DecodeInto(decoder, raw, event); err != nil {
		return map[string]any{"decodeError": err.Error()}
	}
	line, err := runtime.Encode(audit.Codecs.LegacyCodec(auditv1.SchemeGroupVersion), event)
	if err != nil {
		return map[string]any{"encodeError": err.Error()}
	}
	return map[string]any{"text": audit.EventString(event), "json": string(bytes.TrimRight(line, "\n"))}
}

var strict = serializer.NewCodecFactory(audit.Scheme, serializer.EnableStrict)

// What a receiver reads of a POST: strictly, and whether it is written again as it was.
func eventList(body []byte) any {
	list := &auditinternal.EventList{}
	if err := runtime.DecodeInto(strict.UniversalDecoder(auditv1.SchemeGroupVersion), body, list); err != nil {
		return map[string]any{"decodeError": err.Error()}
	}
	again, err := runtime.Encode(audit.Codecs.LegacyCodec(auditv1.SchemeGroupVersion), list)
	if err != nil {
		return map[string]any{"encodeError": err.Error()}
	}
	if !bytes.Equal(again, body) {
		return map[string]any{"items": len(list.Items), "again": string(again)}
	}
	return map[string]any{"items": len(list.Items), "same": true}
}
