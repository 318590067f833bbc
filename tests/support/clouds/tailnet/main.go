// A tailnet on this machine: Tailscale's own test control server, with a relay.
//
// In addition to the nodes' requests, GET /test/nodes lists the nodes that have joined, and POST /test/key sets the key that
// a node needs. (Unlike Tailscale's, this control server asks a node for it that it knows already, unless the key is empty.)
package main

import (
	"bytes"
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"

	"tailscale.com/derp/derpserver"
	"tailscale.com/net/stun"
	"tailscale.com/tailcfg"
	"tailscale.com/tstest/integration/testcontrol"
	"tailscale.com/types/key"
	"tailscale.com/types/logger"
)

var (
	// Of this machine, as containers see it too.
	address = flag.String("address", "", "where nodes find it all")
	port    = flag.Int("port", 0, "where nodes ask")
	domain  = flag.String("domain", "", "the tailnet's name")
	dns     = flag.String("dns", "", "the management interface of Pebble's challenge server, which serves the names")
)

func main() {
	flag.Parse()
	control := &testcontrol.Server{
		Logf:            logger.Discard,
		DERPMap:         relay(),
		DNSConfig:       &tailcfg.DNSConfig{Proxied: true, Domains: []string{*domain}},
		MagicDNSDomain:  *domain,
		OnSetDNS:        setRecord,
		AllOnline:       true,
		ExplicitBaseURL: fmt.Sprintf("http://%s:%d", *address, *port),
	}
	http.Handle("/", control)
	http.HandleFunc("GET /test/nodes", func(w http.ResponseWriter, _ *http.Request) {
		json.NewEncoder(w).Encode(control.AllNodes())
	})
	http.HandleFunc("POST /test/key", func(_ http.ResponseWriter, r *http.Request) {
		key, _ := io.ReadAll(r.Body)
		control.RequireAuthKey = string(key)
	})
	log.Fatal(http.ListenAndServe(fmt.Sprintf("%s:%d", *address, *port), nil))
}

// setRecord answers a challenge of the certificate authority for a node's name.
func setRecord(request *tailcfg.SetDNSRequest) error {
	body, _ := json.Marshal(map[string]string{"host": request.Name + ".", "value": request.Value})
	answer, err := http.Post(*dns+"/set-txt", "application/json", bytes.NewReader(body))
	if err != nil {
		return err
	}
	return answer.Body.Close()
}

// relay carries what two nodes have no direct way for, and tells each under which address it is seen.
func relay() *tailcfg.DERPMap {
	server := httptest.NewUnstartedServer(derpserver.Handler(derpserver.New(key.NewNode(), logger.Discard)))
	// The relay's protocol is not HTTP/2.
	server.Config.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){}
	listener, err := net.Listen("tcp", *address+":0")
	if err != nil {
		log.Fatal(err)
	}
	server.Listener.Close()
	server.Listener = listener
	server.StartTLS()
	seen, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.ParseIP(*address)})
	if err != nil {
		log.Fatal(err)
	}
	go tellAddresses(seen)
	return &tailcfg.DERPMap{Regions: map[int]*tailcfg.DERPRegion{1: {
		RegionID:   1,
		RegionCode: "test",
		Nodes: []*tailcfg.DERPNode{{
			Name:             "test",
			RegionID:         1,
			HostName:         *address,
			IPv4:             *address,
			IPv6:             "none",
			DERPPort:         server.Listener.Addr().(*net.TCPAddr).Port,
			STUNPort:         seen.LocalAddr().(*net.UDPAddr).Port,
			STUNTestIP:       *address,
			InsecureForTests: true,
		}},
	}}}
}

func tellAddresses(connection *net.UDPConn) {
	packet := make([]byte, 1500)
	for {
		length, from, err := connection.ReadFromUDPAddrPort(packet)
		if err != nil {
			return
		}
		id, err := stun.ParseBindingRequest(packet[:length])
		if err == nil {
			connection.WriteToUDPAddrPort(stun.Response(id, netip.AddrPortFrom(from.Addr().Unmap(), from.Port())), from)
		}
	}
}
