# shellcheck shell=sh disable=SC2154 # the client's assignments stand before this text; process.sh is evaluated
# handrail remote job: one exchange. Everything comes on the standard input of /bin/sh -s; the client puts
# assignments (h_verb, h_n, ...) before this text. docs/remote-job.md describes the protocol and the files.
h_lib='@process.sh@'
h_sup='@supervisor.sh@'
eval "$h_lib"
h_cwd0=$PWD
exec 9>&2 2>/dev/null </dev/null
# Frames: the nonce is known to this exchange alone.
h_say() { printf '\n@%s %s\n' "$h_n" "$*" >&9; }
h_begin() {
  printf '@%s begin\n' "$h_n"
  h_say "begin marker=${h_mk:--} boot=${h_b:--} $*"
}
h_fin() {
  h_say end "$@"
  exit 0
}
h_no() {
  h_begin "verb=$h_verb"
  h_fin "refused why=$*"
}
# h_open: into BASE/HOST; h_mk = the marker found there.
# shellcheck disable=SC3067 # -O: dash, bash, busybox, ksh and BSD have it
h_open() {
  h_bt
  h_mk=''
  if cd "$h_base/$h_host" && [ -O . ]; then read -r h_mk <jobs/.marker; fi
  [ "$h_mk" = "$h_xmk" ]
}
h_need() { h_open || h_no storage; }
# h_state ID: h_z = the state's name. A rename under way can hide a name or show two: look again, take the later.
h_state() {
  h_z='' h_i=0
  while [ -z "$h_z" ] && [ "$h_i" -lt 50 ]; do
    h_i=$((h_i + 1))
    for h_f in "jobs/$1"/state.*; do
      h_f=${h_f##*.}
      case $h_f in
        '*') ;;
        claimed) h_z=${h_z:-claimed} ;;
        running) case $h_z in '' | claimed) h_z=running ;; esac ;;
        *) h_z=$h_f ;;
      esac
    done
    [ "$h_i" -lt 40 ] || h_nap 10
  done
}
# h_ver ID: h_v = the verdict; h_pid = supervisor. "Dead" is believed only when the state is still the same afterwards.
h_ver() {
  h_pid='' h_kid='' h_ts=''
  if [ ! -d "jobs/$1" ]; then
    h_v=absent
    if [ "$h_mk" != "$h_xmk" ]; then h_v=lost; elif [ "${h_xb:-$h_b}" != "$h_b" ]; then h_v=rebooted; fi
    return
  fi
  # shellcheck disable=SC2034
  for h_pass in 1 2; do
    h_state "$1"
    h_x=0
    [ ! -e "jobs/$1/left" ] || h_x=1
    case $h_z in
      exit*) h_v="exit code=${h_z#exit}" && return ;;
      stop*) h_v="cancelled code=${h_z#stop} left=$h_x" && return ;;
      late*) h_v="timeout code=${h_z#late} left=$h_x" && return ;;
    esac
    read -r h_a h_pid h_ts <"jobs/$1/sup" || read -r h_a h_pid h_ts <"jobs/$1/by"
    if [ "$h_a" != "$h_b" ]; then
      h_v=rebooted && return
    elif h_up "$h_pid" "$h_ts"; then
      h_v="running started=$h_z pid=$h_pid" && return
    elif [ "$h_z" = claimed ]; then
      h_v=not-started
    else
      h_v=killed
      h_kid='' h_kts=''
      read -r h_kid h_kts <"jobs/$1/kid"
      if h_up "$h_kid" "$h_kts"; then h_v="orphan pid=$h_kid"; fi
    fi
  done
}
# h_sz ID: h_o, h_e = sizes of out and err; - when they were removed. (ls: wc of busybox reads the whole file.)
h_sz() {
  # Nothing printed so far: most looks of most jobs, and no program is needed to see it.
  if [ -e "jobs/$1/err" ] && [ -e "jobs/$1/out" ] && [ ! -s "jobs/$1/err" ] && [ ! -s "jobs/$1/out" ]; then
    h_e=0 h_o=0 && return
  fi
  # shellcheck disable=SC2046,SC2012
  set -- $(LC_ALL=C ls -n "jobs/$1/err" "jobs/$1/out")
  h_e=${5--} h_o=${14--}
}
# h_cat FILE FROM TO
h_cat() {
  { [ "$2" = 0 ] || dd bs=1 skip="$2" count=0; head -c "$(($3 - $2))"; } <"$1"
}
# h_follow ID: sends from h_po, h_pe until the end or h_wait ms; then the trailer.
h_follow() {
  h_t0=0 h_ms=4
  h_st $$
  # shellcheck disable=SC2086
  set -- "$1" ${h_l##*) }
  h_pp=${3-}
  while :; do
    h_ver "$1"
    h_sz "$1"
    if [ "$h_o" = - ] || [ "$h_e" = - ]; then h_o=$h_po h_e=$h_pe h_v="$h_v gone=1"; fi
    if [ "$h_o" -gt "$h_po" ]; then
      h_cat "jobs/$1/out" "$h_po" "$h_o" || exit 1
      h_po=$h_o h_ms=16
    fi
    if [ "$h_e" -gt "$h_pe" ]; then
      h_cat "jobs/$1/err" "$h_pe" "$h_e" >&9 || exit 1
      h_pe=$h_e h_ms=16
    fi
    case $h_v in running* | orphan*) ;; *) break ;; esac
    [ "$h_t0" -lt "$h_wait" ] || break
    # The connection is gone when the parent is another: do not stay behind.
    if [ -n "$h_pp" ]; then
      h_st $$
      # shellcheck disable=SC2086
      set -- "$1" ${h_l##*) }
      [ "$3" = "$h_pp" ] || exit 1
    fi
    h_nap "$h_ms"
    h_t0=$((h_t0 + h_ms))
    [ "$h_ms" -ge 250 ] || h_ms=$((h_ms * 2))
  done
  h_fin "$h_v sent=1 out=$h_po err=$h_pe"
}
# h_top: h_ep = the run's highest epoch here (names only grow, so two writers cannot lower it).
h_top() {
  for h_f in "epochs/$h_run".*; do h_ep=${h_f##*.}; done
  [ "$h_ep" != '*' ] || h_ep=000000000
}
h_raise() { [ -e "epochs/$h_run.$h_epoch" ] || true >"epochs/$h_run.$h_epoch"; }
# h_claim STATE: builds new/NONCE whole and renames it to jobs/ID; only one can (rename onto a full directory fails,
# and a mv that went inside an existing one is seen by the token, which then is not at the top).
h_claim() {
  h_N=new/$h_bn
  mkdir -m 700 "$h_N" || return 2
  umask >"$h_N/mask"
  umask 077
  h_st $$
  { h_put "$h_b $$ $h_t" && echo; } >"$h_N/by" &&
    { [ "$1" != claimed ] || { h_put "$h_body" >"$h_N/body" && h_put "$h_spec" >"$h_N/spec" &&
      h_put "$h_lib$h_sup" >"$h_N/run.sh"; }; } &&
    for h_f in out err "state.$1" "run.$h_run" "n.$h_bn"; do true >"$h_N/$h_f" || break; done
  if [ -e "$h_N/n.$h_bn" ]; then mv -f "$h_N" "jobs/$h_id"; fi
  if [ -e "jobs/$h_id/n.$h_bn" ]; then return 0; fi
  rm -rf "$h_N" "jobs/$h_id/$h_bn"
  [ -d "jobs/$h_id" ] && return 1
  return 2
}
# h_sweep: what starters left that died before their claim (a body may hold a secret).
h_sweep() {
  for h_by in new/*/by; do
    read -r h_a h_pid h_ts <"$h_by" || continue
    if [ "$h_a" != "$h_b" ] || ! h_up "$h_pid" "$h_ts"; then rm -rf "${h_by%/by}"; fi
  done
}
h_start() {
  h_need
  h_sweep
  h_new=0
  if [ ! -d "jobs/$h_id" ]; then
    [ "${h_xb:-$h_b}" = "$h_b" ] || h_no rebooted
    h_top
    [ "$h_epoch" -ge "$h_ep" ] || h_no "epoch epoch=$h_ep"
    h_lk
    [ "$h_lm" != lock ] || [ "$h_lr" = "$h_run" ] || h_no "locked $h_lock"
    # The login's directory is often closed to the user of `as=`; only a directory that was asked for is insisted on.
    if [ -z "$h_cwd" ]; then
      for h_cwd in "$h_cwd0" "${HOME-}" /; do [ ! -x "$h_cwd/." ] || break; done
    fi
    [ -x "$h_cwd/." ] || h_no cwd
    if [ -n "$h_file" ]; then
      h_dg=absent
      [ ! -e "$h_file" ] || h_dg=$(sha256sum <"$h_file" || shasum -a 256 <"$h_file" || openssl dgst -sha256 -r <"$h_file")
      [ "${h_dg%%[ *]*}" = "$h_dig" ] || h_no digest
    fi
    h_claim claimed
    case $? in 0) h_new=1 ;; 2) h_no disk ;; esac
  fi
  h_pid=''
  if [ "$h_new" = 1 ]; then
    # Read again after the claim: whoever raised the epoch since sees this directory when it looks.
    h_raise
    h_top
    if [ "$h_epoch" -lt "$h_ep" ]; then
      mv "jobs/$h_id/state.claimed" "jobs/$h_id/state.stop---"
      rm -f "jobs/$h_id/body"
      h_no "epoch epoch=$h_ep"
    fi
    (
      cd "jobs/$h_id" || exit
      h_env
      h_own /bin/sh ./run.sh sup "$h_cwd"
    ) </dev/null >/dev/null 2>&1 9>&- &
    h_pid=$!
    h_st "$h_pid"
  fi
  h_begin "verb=start new=$h_new pid=$h_pid start=$h_t"
  h_follow "$h_id"
}
h_tail() {
  h_open
  h_begin verb=follow
  h_follow "$h_id"
}
h_status() {
  h_open
  h_begin verb=status
  for h_id in $h_ids; do
    h_ver "$h_id"
    h_sz "$h_id"
    h_say "job id=$h_id $h_v out=$h_o err=$h_e"
  done
  h_fin 'done'
}
# h_stop: for cancel and tombstone; the renames decide against a start that is under way.
h_stop() {
  h_ver "$h_id"
  # After a reboot "claimed" proves nothing (a power cut may have lost the rename), and nothing can start any more.
  if [ "$h_v" != rebooted ]; then
    if mv "jobs/$h_id/state.claimed" "jobs/$h_id/state.stop---"; then rm -f "jobs/$h_id/body"; fi
    h_ver "$h_id"
  fi
  case $h_v in
    running*)
      echo "$h_grace" >"jobs/$h_id/grace"
      kill -s TERM "$h_pid"
      h_i2=0
      while case $h_v in running*) [ "$h_i2" -lt "$((h_grace * 10 + 80))" ] ;; *) false ;; esac do
        h_nap 100
        h_i2=$((h_i2 + 1))
        h_ver "$h_id"
      done
      ;;
    orphan*)
      if h_end "$h_kid" "$h_grace"; then mv "jobs/$h_id/state.running" "jobs/$h_id/state.stopped"; fi
      h_ver "$h_id"
      ;;
  esac
  h_sz "$h_id"
  h_fin "$h_v out=$h_o err=$h_e"
}
h_cancel() {
  h_need
  h_begin verb=cancel
  h_stop
}
h_tombstone() {
  h_need
  if [ ! -d "jobs/$h_id" ]; then
    h_claim stop---
    [ $? != 2 ] || h_no disk
  fi
  h_begin verb=tombstone
  h_stop
}
h_outputs() {
  h_need
  h_ver "$h_id"
  h_begin verb=outputs-remove
  case $h_v in exit* | cancelled* | timeout*) (cd "jobs/$h_id" && rm -f out err body spec run.sh) ;; *) h_fin "refused why=not-final" ;; esac
  h_fin "$h_v gone=1"
}
h_gc() {
  h_need
  h_begin verb=gc
  h_epoch=999999999
  h_raise
  h_gone=0 h_kept=0
  # Of all runs that have ended: the output of a job goes at once, the proof that it ran after a day.
  for h_f in jobs/*/run.*; do
    [ -e "epochs/${h_f##*/run.}.999999999" ] || continue
    h_dir=${h_f%/*}
    h_ver "${h_dir#jobs/}"
    case $h_v in running* | orphan*) h_old='' ;; *) h_old=$(find "$h_dir" -prune -mtime +0) ;; esac
    if [ -n "$h_old" ] && mv "$h_dir" "new/gc.$h_bn" && rm -rf "new/gc.$h_bn"; then
      h_gone=$((h_gone + 1))
    else
      h_kept=$((h_kept + 1))
      case $h_v in exit* | cancelled* | timeout*) (cd "$h_dir" && rm -f out err body spec run.sh) ;; esac
    fi
  done
  for h_f in runs/*; do
    h_a=${h_f#runs/}
    [ -e "epochs/$h_a.999999999" ] || continue
    set -- jobs/*/run."$h_a"
    [ -e "$1" ] || rm -rf "$h_f"
  done
  find new ! -name new -prune -mtime +0 -exec rm -rf '{}' +
  h_fin "done removed=$h_gone kept=$h_kept"
}
# h_lk: h_lock = the lock's line (mode=lock|notice run=R holder=H since=T), h_lm = mode, h_lr = run.
h_lk() {
  h_lock='' h_lm='' h_lr=''
  read -r h_lock <lock || return 0
  # shellcheck disable=SC2086
  set -- $h_lock
  h_lm=${1#mode=} h_lr=${2#run=}
}
h_lockset() {
  h_need
  (
    set -C
    echo "$h_line" >lock
  ) || {
    h_lk
    if [ "$h_lr" = "$h_run" ] || [ "$h_force" = 1 ]; then echo "$h_line" >"new/$h_bn" && mv -f "new/$h_bn" lock; fi
  }
  h_lk
  [ "$h_lr" = "$h_run" ] || h_no "locked $h_lock"
  h_lockshow
}
h_unlock() {
  h_need
  h_lk
  [ "$h_lr" != "$h_run" ] || rm -f lock
  h_lockshow
}
h_lockshow() {
  h_need
  h_lk
  h_begin verb=lock
  h_fin "done $h_lock"
}
h_seize() {
  h_need
  h_top
  [ "$h_epoch" -ge "$h_ep" ] || h_no "epoch epoch=$h_ep"
  h_raise || h_no disk
  umask 077
  mkdir -p "runs/$h_run"
  h_begin verb=epoch
  h_fin "done epoch=$h_epoch"
}
# h_try DIR: it can be the base: ours alone, no symbolic link, writable, with a marker.
# shellcheck disable=SC3067
h_try() {
  case $1 in /*) ;; *) return 1 ;; esac
  [ ! -h "$1" ] || return 1
  [ -d "$1" ] || mkdir -p "$1" || return 1
  [ -O "$1" ] || return 1
  # shellcheck disable=SC2012
  case $(LC_ALL=C ls -ld "$1/.") in drwx------+*) return 1 ;; drwx------*) ;; *) return 1 ;; esac
  mkdir -p "$1/$h_host/jobs" "$1/$h_host/new" "$1/$h_host/runs" "$1/$h_host/epochs" && cd "$1/$h_host" || return 1
  [ -s jobs/.marker ] || (
    set -C
    echo "$h_bn" >jobs/.marker
  )
  read -r h_mk <jobs/.marker && echo ok >"new/$h_bn" && rm "new/$h_bn"
}
h_choose() {
  umask 077
  h_bt
  h_uid=$(id -u)
  h_mk=''
  for h_i in 1 2 3; do
    case $h_i in 1) h_base=$h_conf ;; 2) h_base=${HOME:+$HOME/.cache/handrail} ;; *) h_base=/var/tmp/handrail-$h_uid ;; esac
    if [ -n "$h_base" ] && h_try "$h_base"; then break; fi
    h_base=''
  done
  [ -n "$h_base" ] || h_no base
  h_ss=none
  if command -v setsid >/dev/null; then h_ss=setsid; elif command -v perl >/dev/null; then h_ss=perl; fi
  h_rst=none
  if env --default-signal=INT,QUIT true; then h_rst='env'; elif command -v perl >/dev/null; then h_rst=perl; fi
  h_kup=no
  case $(cat "$h_P/self/cgroup") in
    *session-*.scope*)
      case $(busctl get-property org.freedesktop.login1 /org/freedesktop/login1 org.freedesktop.login1.Manager KillUserProcesses) in
        *true*) h_kup=yes ;; *false*) ;; *) h_kup=unknown ;;
      esac
      ;;
  esac
  # shellcheck disable=SC2046
  set -- $(LC_ALL=C df -Pk . | tail -n 1)
  h_begin verb=base
  h_say "path $h_base"
  # What was wrong with the configured directory.
  if [ -n "$h_conf" ] && [ "$h_base" != "$h_conf" ]; then
    # shellcheck disable=SC2012,SC2046
    set -- "${4-}" $(LC_ALL=C ls -ld "$h_conf")
    h_say "passed mode=${2:--} owner=${4:--}"
    set -- '' '' '' "$1"
  fi
  h_fin "done uid=$h_uid setsid=$h_ss signals=$h_rst kill=$h_kup free=${4:--} os=$(uname -s) fs=$(stat -f -c %T . || echo -)"
}
"h_$h_verb"
