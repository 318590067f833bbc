#!/bin/bash
# Turns a folder with a root file system into a machine and becomes its first process. It is started in new namespaces.
# $1: the folder; $2: `first` or `again`; then, for each disk, its node's name, its numbers and its identity
set -euo pipefail

root=$1 boot=$2
shift 2

mount --make-rprivate /
mount --bind "$root" "$root"
cd "$root"
mount -t tmpfs -o mode=755 tmpfs run
mount -t proc proc proc
mount -t sysfs sysfs sys
mount --rbind /sys/fs/cgroup sys/fs/cgroup

mount -t tmpfs -o mode=755 tmpfs dev
while read -r name major minor; do mknod -m 666 "dev/$name" c "$major" "$minor"; done <<'NODES'
null 1 3
zero 1 5
full 1 7
random 1 8
urandom 1 9
tty 5 0
console 1 3
NODES
mkdir -p dev/pts dev/shm dev/disk/by-id
mount -t devpts -o newinstance,ptmxmode=0666,mode=620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
for stream in stdin:0 stdout:1 stderr:2; do ln -s "/proc/self/fd/${stream#*:}" "dev/${stream%:*}"; done
while [ $# -gt 0 ]; do
  mknod -m 660 "dev/$1" b "$2" "$3"
  ln -s "../../$1" "dev/disk/by-id/$4"
  shift 4
done

# The network's settings are the namespace's own. The others are the real machine's: they are copied, and what is written goes
# into the copy.
for each in proc/sys/*; do
  [ "$each" != proc/sys/net ] || continue
  mkdir -p "run/$each"
  cp -r "$each/." "run/$each" 2>/dev/null || true
  mount --bind "run/$each" "$each"
done

mkdir run/outside
pivot_root . run/outside
cd /
umount --lazy /run/outside
rmdir /run/outside
# As systemd does it. In a tree that is not shared, Docker mounts its folder over itself, without what is mounted in it.
mount --make-rshared /
exec env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 \
  /usr/local/sbin/server-init "$boot"
