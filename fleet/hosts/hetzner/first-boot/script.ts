/** What a new server runs once. It may be run again: each step leaves what has been done as it is. */

/** Where the server reports its progress: `running STEP`, `done`, or `failed STEP: REASON`. */
export const STATUS_FILE = "/var/lib/agent-fleet/first-boot";

/** One line for each key that may log in: an HMAC of the host key by it, which proves the host key to the key's owner. */
export const ATTESTATIONS_FILE = "/var/lib/agent-fleet/attestations";

/** Marks the authorized key that serves host-key verification only; it is removed before it could open anything. */
export const VERIFICATION_MARK = "agent-fleet-verification";

/** Where the data volume is mounted. */
export const DATA = "/mnt/agent-data";

const VOLUMES = "/var/lib/docker/volumes";

/** A volume is attached once its server exists, which is after the server has begun to start. */
const VOLUME_SECONDS = 300;

/**
 * Only Docker's volumes are on the data volume: a new server that found its predecessor's containers there would start them
 * in addition to its own.
 */
const mountData = `
step 'waiting for the data volume'
device=
for second in $(seq ${VOLUME_SECONDS}); do
  for each in /dev/disk/by-id/scsi-0HC_Volume_*; do [ ! -e "$each" ] || device=$each; done
  [ -z "$device" ] || break
  sleep 1
done
[ -n "$device" ] || fail 'no data volume was attached in ${VOLUME_SECONDS} seconds'

step 'mounting the data volume'
mkdir -p ${DATA} ${VOLUMES}
grep -q ' ${DATA} ' /etc/fstab || echo "$device ${DATA} ext4 discard,nofail,x-systemd.growfs 0 2" >>/etc/fstab
grep -q ' ${VOLUMES} ' /etc/fstab || echo "${DATA}/docker-volumes ${VOLUMES} none bind,nofail,x-systemd.requires-mounts-for=${DATA} 0 0" >>/etc/fstab
systemctl daemon-reload
mountpoint -q ${DATA} || mount ${DATA}
# With nofail it is no error to mount a device that is not there, such as an earlier volume's.
mountpoint -q ${DATA} || fail '${DATA} is not mounted: does /etc/fstab name another volume?'
mkdir -p ${DATA}/docker-volumes
mountpoint -q ${VOLUMES} || mount ${VOLUMES}
`;

export interface Script {
  /** Keys that may log in as root. */
  readonly publicKeys: readonly string[];
  /** Whether a volume for Docker's volumes will be attached. */
  readonly hasDataVolume: boolean;
}

const authorize = (key: string): string =>
  `grep -qxF '${key}' /root/.ssh/authorized_keys || echo '${key}' >>/root/.ssh/authorized_keys`;

export const renderScript = ({ publicKeys, hasDataVolume }: Script): string => `#!/bin/bash
# Makes this server a host of agents. What it does, and what went wrong: ${STATUS_FILE}, and cloud-init's output log.
set -Eeuo pipefail

current=start
# Whole or not at all: it is read at any moment.
status() { echo "$1" >${STATUS_FILE}.new; mv ${STATUS_FILE}.new ${STATUS_FILE}; }
step() { current=$1; status "running $current"; echo "agent-fleet: $current"; }
fail() { status "failed $current: $1"; echo "agent-fleet: failed $current: $1" >&2; exit 1; }
trap 'fail "line $LINENO ended with code $?: $BASH_COMMAND"' ERR
mkdir -p /var/lib/agent-fleet

step 'attesting the host key'
# By a public key that only this server and the program that ordered it know. It opens nothing afterwards.
host_key=$(cut -d ' ' -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub)
[ -e ${ATTESTATIONS_FILE} ] || { grep -o 'ssh-ed25519 [A-Za-z0-9+/=]*' /root/.ssh/authorized_keys || true; } | while read -r key; do
  printf %s "$host_key" | openssl dgst -sha256 -hmac "$key" | sed 's/.* //'
done >${ATTESTATIONS_FILE}.new
[ -e ${ATTESTATIONS_FILE} ] || mv ${ATTESTATIONS_FILE}.new ${ATTESTATIONS_FILE}
sed -i '/ ${VERIFICATION_MARK}$/d' /root/.ssh/authorized_keys

step 'authorizing the operators'
${publicKeys.map(authorize).join("\n")}
systemctl reload ssh

step 'making the swap file'
# For the system's own idle pages. Agents are never swapped: their limits do not allow it.
if [ ! -e /swapfile ]; then
  fallocate -l 2G /swapfile.new
  chmod 600 /swapfile.new
  mkswap /swapfile.new
  mv /swapfile.new /swapfile
  echo '/swapfile none swap sw 0 0' >>/etc/fstab
  swapon /swapfile
fi
sysctl --quiet --load=/etc/sysctl.d/60-agent-fleet.conf
${hasDataVolume ? mountData : ""}
step 'installing Docker'
export DEBIAN_FRONTEND=noninteractive
for attempt in 1 2 3 4 5; do
  said=$( { apt-get update && apt-get install --yes docker.io iptables nftables unattended-upgrades; } 2>&1 ) && break
  [ "$attempt" != 5 ] || fail "$(tail -n 3 <<<"$said" | tr '\\n' ' ')"
  sleep $((attempt * 5))
done

step 'filtering packets'
systemctl daemon-reload
systemctl enable --now agent-fleet-firewall.service

step 'starting Docker'
# It may have started with the package, before its configuration was complete.
systemctl restart docker
said=$(docker version 2>&1) || fail "$said"

status done
`;
