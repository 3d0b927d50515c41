#!/usr/bin/env bash
# Starts real S3 servers from Debian packages on this machine, radosgw and Swift, runs the program against
# each and prints what works. Needs root for the first start (apt-get). Not part of CI.
#   real-s3.sh [rgw] [swift]     ATELIER=path of the program
set -euo pipefail
cd "${0%/*}/.."
root=$PWD
export ATELIER=${ATELIER:-$root/.build/release/atelier}
work=$(mktemp -d)
AK=ATELIERTESTKEY SK=ateliertestsecret0123456789ABCDEF
pids=()

finish() {
  for pid in "${pids[@]:-}"; do [ -z "$pid" ] || kill "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]:-}"; do
    for _ in $(seq 50); do [ -n "$pid" ] && kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
  done
  rm -rf "$work"
}
trap finish EXIT

background() { # name, command
  local log=$work/$1.log
  shift
  "$@" >"$log" 2>&1 </dev/null &
  pids+=($!)
}

wait_for() { # url
  for _ in $(seq 300); do curl -s -o /dev/null "$1/" && return 0; sleep 0.2; done
  printf 'real-s3: no answer on %s; its logs:\n' "$1" >&2
  tail -n 5 "$work"/*.log >&2
  return 1
}

free_ports() { # first of ten free ones
  python3 - <<'PY'
import random, socket
while True:
    first = random.randrange(20000, 60000, 10)
    try:
        for port in range(first, first + 10):
            with socket.socket() as probe:
                probe.bind(("127.0.0.1", port))
        print(first)
        break
    except OSError:
        continue
PY
}

install() { # packages
  dpkg -s "$@" >/dev/null 2>&1 && return 0
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends -q "$@" >"$work/apt.log" 2>&1 || {
    tail -n 20 "$work/apt.log" >&2
    printf 'real-s3: the packages could not be installed: %s\n' "$*" >&2
    return 1
  }
}

start_swift() { # port
  install swift-proxy swift-account swift-container swift-object memcached
  local etc=$work/swift port=$1 name own
  mkdir -p "$etc" "$work/srv/sdb1"
  printf '[swift-hash]\nswift_hash_path_prefix = a\nswift_hash_path_suffix = b\n' >"$etc/swift.conf"
  printf '[storage-policy:0]\nname = Policy-0\ndefault = yes\n' >>"$etc/swift.conf"
  for own in account:3 container:2 object:1; do
    name=${own%:*}
    own=$((port + ${own#*:}))
    cat >"$etc/$name-server.conf" <<CONF
[DEFAULT]
bind_ip = 127.0.0.1
bind_port = $own
workers = 0
user = $(id -un)
swift_dir = $etc
devices = $work/srv
mount_check = false
log_level = WARNING
[pipeline:main]
pipeline = $name-server
[app:$name-server]
use = egg:swift#$name
CONF
    (
      cd "$etc"
      swift-ring-builder "$name.builder" create 4 1 0
      swift-ring-builder "$name.builder" add "r1z1-127.0.0.1:$own/sdb1" 1
      swift-ring-builder "$name.builder" rebalance
    ) >/dev/null 2>&1
  done
  {
    printf '[DEFAULT]\nbind_ip = 127.0.0.1\nbind_port = %s\nworkers = 0\nuser = %s\n' "$port" "$(id -un)"
    printf 'swift_dir = %s\nlog_level = WARNING\n[pipeline:main]\npipeline = ' "$etc"
    printf 'catch_errors gatekeeper healthcheck cache listing_formats bulk s3api tempauth copy slo '
    printf 'dlo versioned_writes symlink proxy-server\n'
    printf '[app:proxy-server]\nuse = egg:swift#proxy\naccount_autocreate = true\n'
    for name in catch_errors gatekeeper healthcheck listing_formats bulk slo dlo copy symlink; do
      printf '[filter:%s]\nuse = egg:swift#%s\n' "$name" "$name"
    done
    printf '[filter:cache]\nuse = egg:swift#memcache\nmemcache_servers = 127.0.0.1:%s\n' $((port + 4))
    printf '[filter:s3api]\nuse = egg:swift#s3api\nlocation = us-east-1\ns3_acl = false\n'
    printf 'min_segment_size = 5242880\nallow_multipart_uploads = true\n'
    printf '[filter:tempauth]\nuse = egg:swift#tempauth\nuser_test_tester = %s .admin\n' "$SK"
    printf '[filter:versioned_writes]\nuse = egg:swift#versioned_writes\nallow_versioned_writes = true\n'
  } >"$etc/proxy-server.conf"
  local as=()
  [ "$(id -u)" != 0 ] || as=(-u nobody)
  background memcached memcached -l 127.0.0.1 -p $((port + 4)) -U 0 -m 64 "${as[@]}"
  for name in account container object proxy; do
    background "$name" "swift-$name-server" "$etc/$name-server.conf"
  done
  wait_for "http://127.0.0.1:$port"
}

start_rgw() { # port
  install radosgw ceph-mon ceph-osd ceph-mgr ceph-common
  local d=$work/rgw port=$1 id
  mkdir -p "$d/mon" "$d/osd0" "$d/data"
  id=$(cat /proc/sys/kernel/random/uuid)
  cat >"$d/ceph.conf" <<CONF
[global]
fsid = $id
mon host = [v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]
public addr = 127.0.0.1
cluster addr = 127.0.0.1
ms bind ipv4 = true
ms bind ipv6 = false
auth allow insecure global id reclaim = false
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd pool default pgp num = 8
osd crush chooseleaf type = 0
mon allow pool size one = true
mon data avail crit = 1
mon data avail warn = 2
run dir = $d
admin socket = $d/\$name.asok
pid file =
log file = $d/\$name.log
keyring = $d/keyring
osd objectstore = bluestore
bluestore block size = 8589934592
osd memory target = 939524096
bluestore cache autotune = false
bluestore cache size = 134217728
[mon.a]
mon data = $d/mon
[osd.0]
osd data = $d/osd0
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:$port
rgw data = $d/data
rgw thread pool size = 64
rgw dns name = localhost
CONF
  export CEPH_CONF=$d/ceph.conf
  ceph-authtool --create-keyring "$d/keyring" --gen-key -n mon. --cap mon 'allow *' >/dev/null
  ceph-authtool "$d/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' \
    --cap mgr 'allow *' >/dev/null
  ceph-authtool "$d/keyring" --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *' \
    --cap mgr 'allow profile osd' >/dev/null
  ceph-authtool "$d/keyring" --gen-key -n client.rgw.a --cap mon 'allow rw' --cap osd 'allow rwx' >/dev/null
  monmaptool --create --clobber --fsid "$id" \
    --addv a "[v2:127.0.0.1:$((port + 1)),v1:127.0.0.1:$((port + 2))]" "$d/monmap" >/dev/null
  ceph-mon --mkfs -i a --monmap "$d/monmap" --keyring "$d/keyring"
  background mon ceph-mon -i a -f
  for _ in $(seq 100); do timeout 5 ceph -s >/dev/null 2>&1 && break; sleep 0.3; done
  id=$(cat /proc/sys/kernel/random/uuid)
  ceph osd new "$id" 0 >/dev/null 2>&1
  ceph-osd -i 0 --mkfs --osd-uuid "$id" >"$work/mkfs.log" 2>&1
  background osd ceph-osd -i 0 -f
  for _ in $(seq 100); do timeout 5 ceph osd stat 2>/dev/null | grep -q '1 up' && break; sleep 0.3; done
  background rgw radosgw -n client.rgw.a -f
  wait_for "http://127.0.0.1:$port"
  radosgw-admin user create --uid atelier --display-name atelier --access-key "$AK" --secret-key "$SK" \
    >/dev/null 2>&1
  radosgw-admin subuser create --uid atelier --subuser atelier:reader --access read >/dev/null 2>&1
  radosgw-admin key create --uid atelier --subuser atelier:reader --key-type s3 \
    --access-key READERKEY --secret-key "$SK" >/dev/null 2>&1
}

code=0
for kind in ${*:-rgw swift}; do
  port=$(free_ports)
  key=$AK
  [ "$kind" != swift ] || key=test:tester
  "start_$kind" "$port"
  python3 .setup/real_s3.py "$kind" "http://127.0.0.1:$port" "$key" "$SK" || code=1
done
exit $code
