// Caddy with a DNS provider for tests: `dns.providers.challtest` sets records at the address in CHALLTEST_API, which is
// used like the management interface of Pebble's challenge server and wants a token.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"

	"github.com/caddyserver/caddy/v2"
	caddycmd "github.com/caddyserver/caddy/v2/cmd"
	_ "github.com/caddyserver/caddy/v2/modules/standard"
	"github.com/libdns/libdns"
)

// Provider is configured as Caddy's module for Cloudflare is.
type Provider struct {
	APIToken string `json:"api_token"`
}

func (*Provider) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "dns.providers.challtest", New: func() caddy.Module { return new(Provider) }}
}

func (p *Provider) Provision(caddy.Context) error {
	p.APIToken = caddy.NewReplacer().ReplaceAll(p.APIToken, "")
	return nil
}

func (p *Provider) AppendRecords(ctx context.Context, zone string, records []libdns.Record) ([]libdns.Record, error) {
	return records, p.call(ctx, "set-txt", zone, records)
}

func (p *Provider) DeleteRecords(ctx context.Context, zone string, records []libdns.Record) ([]libdns.Record, error) {
	return records, p.call(ctx, "clear-txt", zone, records)
}

func (p *Provider) call(ctx context.Context, method, zone string, records []libdns.Record) error {
	for _, record := range records {
		rr := record.RR()
		body, _ := json.Marshal(map[string]string{"host": libdns.AbsoluteName(rr.Name, zone), "value": rr.Data})
		url := os.Getenv("CHALLTEST_API") + "/" + method
		request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
		if err != nil {
			return err
		}
		request.Header.Set("Authorization", "Bearer "+p.APIToken)
		answer, err := http.DefaultClient.Do(request)
		if err != nil {
			return err
		}
		answer.Body.Close()
		if answer.StatusCode != http.StatusOK {
			return fmt.Errorf("%s: %s", method, answer.Status)
		}
	}
	return nil
}

func main() {
	caddy.RegisterModule(new(Provider))
	caddycmd.Main()
}
