#!/bin/sh
# Which server knows the other services' names is known when the container runs, not before.
set -eu
awk '$1 == "nameserver" { print "resolver " ($2 ~ /:/ ? "[" $2 "]" : $2) " valid=5s;"; exit }' /etc/resolv.conf >/tmp/resolver.conf
