#!/bin/sh
# Makes ca.pem, cert.pem and key.pem in the folder named as argument: whoever has them is a member of the cluster.
# Dask asks for a certificate on both sides and does not look at host names, so one pair serves all.
# The authority's key is deleted: to revoke access, create all three again.
set -eu
umask 077
mkdir -p "$1"
cd "$1"
new() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -noenc -subj "$@"; }
new "/CN=rnn-course authority" -x509 -days 400 -keyout ca-key.pem -out ca.pem
new "/CN=rnn-course" -x509 -days 400 -CA ca.pem -CAkey ca-key.pem -keyout key.pem -out cert.pem
rm ca-key.pem
