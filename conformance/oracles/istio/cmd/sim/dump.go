package main

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"strings"
	"sync"

	listener "github.com/envoyproxy/go-control-plane/envoy/config/listener/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"istio.io/istio/pilot/pkg/model"
	"istio.io/istio/pilot/test/xds"
	"istio.io/istio/pilot/test/xdstest"
	"istio.io/istio/pkg/test"
	"istio.io/istio/pkg/util/sets"
)

// Dumped is what istiod programs for one configuration, reduced to what decides where requests go.
type Dumped struct {
	Name     string   `json:"name"`
	Rejected []string `json:"rejected,omitempty"`
	Error    string   `json:"error,omitempty"`
	Panic    string   `json:"panic,omitempty"`
	// Addresses that the oracle gave to Services, and the hosts of the Services.
	Addresses map[string]string `json:"addresses,omitempty"`
	Proxies   []Proxy           `json:"proxies"`
}

// Proxy is one gateway or sidecar.
type Proxy struct {
	Name      string `json:"name"`
	Kind      string `json:"kind"`
	Listeners []any  `json:"listeners"`
	Routes    []any  `json:"routes"`
	Clusters  []any  `json:"clusters"`
}

const workers = 4

// dumpCases builds a fresh istiod for each configuration; several at a time, because building one is mostly waiting.
func dumpCases(in, out string) error {
	b, err := os.ReadFile(in)
	if err != nil {
		return err
	}
	var cfgs []Config
	if err := json.Unmarshal(b, &cfgs); err != nil {
		return err
	}
	res := make([]Dumped, len(cfgs))
	next := make(chan int)
	var wg sync.WaitGroup
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for i := range next {
				res[i] = dumpOne(cfgs[i])
			}
		}()
	}
	for i := range cfgs {
		next <- i
	}
	close(next)
	wg.Wait()
	js, err := json.Marshal(res)
	if err != nil {
		return err
	}
	return os.WriteFile(out, js, 0o644)
}

func dumpOne(c Config) (d Dumped) {
	d = Dumped{Name: c.Name, Proxies: []Proxy{}}
	m, err := meshFrom(c.Mesh)
	if err != nil {
		d.Error = err.Error()
		return d
	}
	w, err := load(c.YAML)
	if err != nil {
		d.Error = err.Error()
		return d
	}
	d.Rejected = w.Rejected
	d.Addresses = map[string]string{}
	for _, s := range w.Services {
		if strings.HasPrefix(s.Spec.ClusterIP, "10.96.") && !strings.Contains(c.YAML, s.Spec.ClusterIP) {
			d.Addresses[s.Spec.ClusterIP] = s.Name + "." + s.Namespace + ".svc.cluster.local"
		}
	}
	err = test.Wrap(func(t test.Failer) {
		// a panic of istiod is its answer: in a cluster it would end the process
		defer func() {
			if e := recover(); e != nil {
				d.Panic = fmt.Sprint(e)
			}
		}()
		f := xds.NewFakeDiscoveryServer(t, xds.FakeOptions{KubernetesObjects: w.Kube, Configs: w.Configs, MeshConfig: m, DisableSecretAuthorization: true})
		awaitEndpoints(f, w)
		f.EnsureSynced(t)
		b := &Builder{W: w, F: f}
		done := map[string]bool{}
		for _, p := range w.Pods {
			key := p.NS + "/" + p.Deploy
			gateway := isGatewayPod(w, p)
			if done[key] || !gateway && !p.Injected {
				continue
			}
			done[key] = true
			p.Gateway = gateway
			d.Proxies = append(d.Proxies, dumpProxy(b, p, key))
		}
	})
	if err != nil {
		d.Error = err.Error()
	}
	return d
}

// routeTables asks for each table once, as Envoy does: pods of a headless Service have a listener each, which share the table of a sniffed
// port, and istiod answers the second request for the same table with none (istio 1.30, pilot/pkg/networking/core/httproute.go:159).
func routeTables(b *Builder, pr *model.Proxy, ls []*listener.Listener) []*route.RouteConfiguration {
	resources, _ := b.F.ConfigGen.BuildHTTPRoutes(pr, &model.PushRequest{Push: b.F.PushContext()}, sets.SortedList(sets.New(xdstest.ExtractRoutesFromListeners(ls)...)))
	tables := make([]*route.RouteConfiguration, 0, len(resources))
	for _, resource := range resources {
		table := &route.RouteConfiguration{}
		if err := resource.Resource.UnmarshalTo(table); err == nil {
			tables = append(tables, table)
		}
	}
	return tables
}

func dumpProxy(b *Builder, p *Pod, name string) Proxy {
	pr := b.modelProxy(p)
	o := Proxy{Name: name, Kind: "sidecar", Listeners: []any{}, Routes: []any{}, Clusters: []any{}}
	if p.Gateway {
		o.Kind = "router"
	}
	ls := b.F.Listeners(pr)
	for _, l := range ls {
		o.Listeners = append(o.Listeners, reduceListener(toAny(l)))
	}
	for _, rc := range routeTables(b, pr, ls) {
		o.Routes = append(o.Routes, reduceRoutes(toAny(rc)))
	}
	cla := map[string][]any{}
	hidden := hiddenHosts(b.W)
	for _, c := range b.F.Endpoints(pr) {
		if !hidden[c.ClusterName[strings.LastIndex(c.ClusterName, "|")+1:]] {
			cla[c.ClusterName] = arr(toAny(c)["endpoints"])
		}
	}
	for _, c := range b.F.Clusters(pr) {
		o.Clusters = append(o.Clusters, reduceCluster(toAny(c), cla, b))
	}
	return o
}

// pick copies the keys that an object has
func pick(m map[string]any, keys ...string) map[string]any {
	o := map[string]any{}
	for _, k := range keys {
		if v, ok := m[k]; ok {
			o[k] = v
		}
	}
	return o
}

func reduceListener(m map[string]any) map[string]any {
	o := pick(m, "name", "trafficDirection", "useOriginalDst")
	sa := obj(obj(m["address"])["socketAddress"])
	o["address"], o["port"] = sa["address"], sa["portValue"]
	var more []any
	for _, a := range arr(m["additionalAddresses"]) {
		more = append(more, obj(obj(obj(a)["address"])["socketAddress"])["address"])
	}
	if more != nil {
		o["additionalAddresses"] = more
	}
	var lf []any
	for _, x := range arr(m["listenerFilters"]) {
		lf = append(lf, strings.TrimPrefix(str(obj(x)["name"]), "envoy.filters.listener."))
	}
	o["listenerFilters"] = lf
	var chains []any
	for _, x := range arr(m["filterChains"]) {
		chains = append(chains, reduceChain(obj(x)))
	}
	o["filterChains"] = chains
	if d := obj(m["defaultFilterChain"]); d != nil {
		o["defaultFilterChain"] = reduceChain(d)
	}
	return o
}

func reduceChain(fc map[string]any) map[string]any {
	o := pick(fc, "name", "filterChainMatch")
	if ts := obj(fc["transportSocket"]); ts != nil {
		o["tls"] = reduceTLS(obj(ts["typedConfig"]))
	}
	rbac := []any{}
	for _, x := range arr(fc["filters"]) {
		tc := obj(obj(x)["typedConfig"])
		t := str(tc["@type"])
		switch {
		case strings.HasSuffix(t, "HttpConnectionManager"):
			h := pick(tc, "useRemoteAddress", "xffNumTrustedHops", "normalizePath", "mergeSlashes", "pathWithEscapedSlashesAction", "codecType",
				"forwardClientCertDetails", "stripMatchingHostPort", "stripAnyHostPort", "stripTrailingHostDot", "stripPortMode")
			if rds := obj(tc["rds"]); rds != nil {
				h["rds"] = rds["routeConfigName"]
			} else if rc := obj(tc["routeConfig"]); rc != nil {
				h["routeConfig"] = reduceRoutes(rc)
			}
			var hf []any
			for _, y := range arr(tc["httpFilters"]) {
				c := obj(obj(y)["typedConfig"])
				switch ct := str(c["@type"]); {
				case strings.HasSuffix(ct, "rbac.v3.RBAC"):
					rbac = append(rbac, pick(c, "rules", "shadowRules"))
				case strings.HasSuffix(ct, "JwtAuthentication"):
					h["jwt"] = pick(c, "providers", "rules", "requirementMap")
				}
				hf = append(hf, strings.TrimPrefix(str(obj(y)["name"]), "envoy.filters.http."))
			}
			h["httpFilters"] = hf
			o["http"] = h
		case strings.HasSuffix(t, "TcpProxy"):
			o["tcp"] = pick(tc, "cluster", "weightedClusters", "idleTimeout")
		case strings.HasSuffix(t, "rbac.v3.RBAC"):
			rbac = append(rbac, pick(tc, "rules", "shadowRules"))
		}
	}
	if len(rbac) > 0 {
		o["rbac"] = rbac
	}
	return o
}

// reduceTLS keeps what decides whether a handshake succeeds, on both sides
func reduceTLS(tc map[string]any) map[string]any {
	o := pick(tc, "requireClientCertificate", "sni", "autoHostSni")
	o["is"] = strings.TrimSuffix(str(tc["@type"])[strings.LastIndex(str(tc["@type"]), ".")+1:], "Context")
	common := obj(tc["commonTlsContext"])
	if p := obj(common["tlsParams"]); p != nil {
		o["params"] = pick(p, "tlsMinimumProtocolVersion", "tlsMaximumProtocolVersion", "cipherSuites")
	}
	if a := common["alpnProtocols"]; a != nil {
		o["alpn"] = a
	}
	var own []any
	for _, x := range arr(common["tlsCertificateSdsSecretConfigs"]) {
		own = append(own, obj(x)["name"])
	}
	for _, x := range arr(common["tlsCertificates"]) {
		own = append(own, "file:"+str(obj(obj(x)["certificateChain"])["filename"]))
	}
	if own != nil {
		o["certificates"] = own
	}
	ca, vc := obj(common["validationContextSdsSecretConfig"]), obj(common["validationContext"])
	if comb := obj(common["combinedValidationContext"]); comb != nil {
		ca, vc = obj(comb["validationContextSdsSecretConfig"]), obj(comb["defaultValidationContext"])
	}
	if ca != nil {
		o["ca"] = ca["name"]
	} else if f := str(obj(vc["trustedCa"])["filename"]); f != "" {
		o["ca"] = "file:" + f
	}
	var sans []any
	for _, k := range []string{"matchSubjectAltNames", "matchTypedSubjectAltNames"} {
		for _, x := range arr(vc[k]) {
			if m := obj(obj(x)["matcher"]); m != nil {
				sans = append(sans, m)
			} else {
				sans = append(sans, x)
			}
		}
	}
	if sans != nil {
		o["subjectAltNames"] = sans
	}
	return o
}

var noise = map[string]bool{"metadata": true, "decorator": true, "statPrefix": true, "includeRequestAttemptCount": true, "validateClusters": true,
	"ignorePortInHostMatching": true, "maxDirectResponseBodySizeBytes": true, "tracing": true}

// reduceRoutes leaves out what only telemetry reads
func reduceRoutes(m map[string]any) map[string]any {
	walk(m, func(x map[string]any) {
		for k := range x {
			if noise[k] {
				delete(x, k)
			}
		}
	})
	return m
}

var ephemeral = regexp.MustCompile(`^(metadata|commonLbConfig|perConnectionBufferLimitBytes|altStatName|preconnectPolicy|transportSocket|transportSocketMatches|` +
	`loadAssignment|edsClusterConfig|filters|dnsRefreshRate|dnsJitter|respectDnsTtl|typedDnsResolverConfig|waitForWarmOnInit)$`)

func reduceCluster(m map[string]any, cla map[string][]any, b *Builder) map[string]any {
	o := map[string]any{}
	for k, v := range m {
		if !ephemeral.MatchString(k) {
			o[k] = v
		}
	}
	if h := obj(obj(m["commonLbConfig"])["healthyPanicThreshold"]); len(h) > 0 {
		o["panic"] = h["value"]
	}
	if ts := obj(m["transportSocket"]); ts != nil {
		o["tls"] = reduceSocket(ts)
	}
	var ms []any
	for _, x := range arr(m["transportSocketMatches"]) {
		ms = append(ms, map[string]any{"match": obj(x)["match"], "tls": reduceSocket(obj(obj(x)["transportSocket"]))})
	}
	if ms != nil {
		o["tlsMatches"] = ms
	}
	eps := arr(obj(m["loadAssignment"])["endpoints"])
	if str(m["type"]) == "EDS" {
		name := str(obj(m["edsClusterConfig"])["serviceName"])
		if name == "" {
			name = str(m["name"])
		}
		eps = cla[name]
	}
	var list []any
	for _, l := range eps {
		for _, e := range arr(obj(l)["lbEndpoints"]) {
			a := obj(obj(obj(e)["endpoint"])["address"])
			x := map[string]any{}
			if sa := obj(a["socketAddress"]); sa != nil {
				x["address"], x["port"] = sa["address"], sa["portValue"]
				if p := b.podByIP(str(sa["address"])); p != nil {
					x["address"], x["pods"] = nil, p.NS+"/"+p.Deploy
				}
			} else if in := obj(a["envoyInternalAddress"]); in != nil {
				x["internal"] = in["serverListenerName"]
			} else if p := obj(a["pipe"]); p != nil {
				x["address"] = "unix:" + str(p["path"])
			}
			if mode := obj(obj(obj(e)["metadata"])["filterMetadata"])["envoy.transport_socket_match"]; mode != nil {
				x["tlsMode"] = obj(mode)["tlsMode"]
			}
			if h := str(obj(e)["healthStatus"]); h != "" && h != "HEALTHY" {
				x["health"] = h
			}
			list = append(list, x)
		}
	}
	if list != nil {
		o["endpoints"] = list
	}
	return o
}

// reduceSocket unwraps PROXY protocol around TLS or plaintext
func reduceSocket(ts map[string]any) map[string]any {
	tc := obj(ts["typedConfig"])
	t := str(tc["@type"])
	switch {
	case strings.HasSuffix(t, "ProxyProtocolUpstreamTransport"):
		in := reduceSocket(obj(tc["transportSocket"]))
		in["proxyProtocol"] = obj(tc["config"])["version"]
		if in["proxyProtocol"] == nil {
			in["proxyProtocol"] = "V1"
		}
		return in
	case strings.HasSuffix(t, "UpstreamTlsContext"):
		return reduceTLS(tc)
	}
	return map[string]any{"is": str(ts["name"])}
}
