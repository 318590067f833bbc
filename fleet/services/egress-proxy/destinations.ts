/**
 * Destinations that no name may resolve to. An allowed name can resolve to an address of the host or of a neighbour, so the
 * address is checked in addition to the name.
 *
 * No range may contain another: Squid would ignore one of the two.
 */

/** What the registry of special-purpose addresses does not call globally reachable, and former ways to relay to IPv6. */
const IPV4 = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.88.99.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/3",
];

/**
 * Everything outside 2000::/3, which is all that is assigned; within it, what leads to an IPv4 address or nowhere. To Squid
 * an IPv4 address is `::ffff:a.b.c.d`: such names are judged by the ranges above, and `::/8` would be the whole of IPv4.
 */
const IPV6 = [
  // `::`, `::1`, and IPv4-compatible addresses.
  "::/96",
  // Translated by a stateless gateway.
  "::ffff:0:0:0/96",
  // NAT64.
  "64:ff9b::/96",
  "64:ff9b:1::/48",
  "100::/8",
  "200::/7",
  "400::/6",
  "800::/5",
  "1000::/4",
  // Teredo, benchmarks, identifiers.
  "2001::/23",
  // Documentation.
  "2001:db8::/32",
  "3fff::/20",
  // 6to4.
  "2002::/16",
  "4000::/2",
  // Private, link-local, site-local and multicast addresses among others.
  "8000::/1",
];

export const FORBIDDEN: readonly string[] = [...IPV4, ...IPV6];

/** The host's own addresses, one a line. Its services listen there, and a firewall in front of it does not see Squid ask. */
export const OWN_ADDRESSES = "/tmp/own-addresses";

/** Forbidden as such. Left out, they are no reason to configure Squid again for each new network. */
const PRIVATE = String.raw`^(10|127|169\.254|192\.168|172\.(1[6-9]|2.|3[01]))\.`;

const SECONDS = 5;

/**
 * Shell commands that keep the file of the host's public addresses, and signal the process that follows them in this shell.
 * A file without an address would be an empty list, which Squid warns of.
 */
export const WATCH_OWN_ADDRESSES = String.raw`own() {
  {
    echo 0.0.0.0
    while read -r mark address rest; do
      case "$mark $address $rest" in
        '|-- '*) candidate=$address ;;
        '/32 host LOCAL') echo "$candidate" ;;
      esac
    done < /proc/net/fib_trie
    [ ! -e /proc/net/if_inet6 ] || sed -nE 's/^([23].{3})(.{4})(.{4})(.{4})(.{4})(.{4})(.{4})(.{4}) .*/\1:\2:\3:\4:\5:\6:\7:\8/p' /proc/net/if_inet6
  } | grep -vE '${PRIVATE}' | sort -u
}
own > ${OWN_ADDRESSES}
while sleep ${SECONDS}; do
  own > ${OWN_ADDRESSES}.next
  cmp -s ${OWN_ADDRESSES} ${OWN_ADDRESSES}.next || { mv ${OWN_ADDRESSES}.next ${OWN_ADDRESSES} && kill -HUP $$; }
done &
`;
