# shellcheck shell=sh disable=SC2154,SC1091,SC2034,SC2046 # spec and process.sh give the names
# Runs as `sh ./run.sh sup|kid CWD` in the job's directory; process.sh stands before it in the same file.
# spec gives: h_grace, h_limit (seconds, 0 = none), h_secret (1 = unlink the body), h_int (interpreter words, '' = sh), h_rst.
. ./spec
h_d=$PWD
if [ "$1" = kid ]; then
  h_st $$ && echo "$$ $h_t" >kid || exit 97
  read -r h_m <mask
  exec 3<body || exit 97
  if [ "$h_secret" = 1 ]; then rm -f body || exit 97; fi
  exec >>out 2>>err || exit 97
  # From here on it counts as run. The rename fails if the job was cancelled before.
  mv state.claimed state.running 2>/dev/null || exit 97
  umask "$h_m"
  cd "$2" || exit 126
  if [ -n "$h_int" ]; then
    eval "exec $h_rst $h_int <&3 3<&-"
  elif [ "$h_secret" != 1 ]; then
    exec 3<&-
    eval "exec $h_rst /bin/sh \"\$h_d/body\""
  elif [ -r /dev/fd/3 ]; then
    eval "exec $h_rst /bin/sh /dev/fd/3"
  else
    eval "exec $h_rst /bin/sh -s <&3 3<&-"
  fi
  exit 127
fi
umask 077
h_k=''
trap '' HUP INT QUIT PIPE
trap 'h_k=${h_k:-stop}' TERM
trap 'h_k=${h_k:-late}' USR1
h_bt
h_st $$
echo "$h_b $$ $h_t" >sup || exit 1
(
  trap - HUP INT QUIT PIPE TERM USR1
  h_own /bin/sh ./run.sh kid "$2"
) &
h_c=$!
h_w=''
if [ "$h_limit" -gt 0 ]; then
  (
    trap 'kill "$h_z"; exit' TERM
    trap '' USR1
    sleep "$h_limit" &
    h_z=$!
    wait "$h_z" && kill -s USR1 $$
  ) &
  h_w=$!
fi
wait "$h_c"
h_r=$?
if [ -n "$h_k" ]; then
  # Interrupted. What has ended by itself meanwhile keeps its own exit code.
  if h_st "$h_c" && case $h_s in Z* | X*) false ;; esac; then
    [ ! -s grace ] || read -r h_grace <grace
    if h_end "$h_c" "$h_grace"; then
      wait "$h_c"
      h_r=$?
    else
      true >left
      h_r=137
    fi
  else
    [ -z "$h_s" ] || { wait "$h_c"; h_r=$?; }
    h_k='exit'
  fi
fi
[ -z "$h_w" ] || kill "$h_w" 2>/dev/null
[ "$h_secret" != 1 ] || rm -f body
h_n=00$h_r
mv state.running "state.${h_k:-exit}${h_n#"${h_n%???}"}" 2>/dev/null ||
  { [ "$h_k" = stop ] && mv state.claimed state.stop---; } 2>/dev/null
exit 0
