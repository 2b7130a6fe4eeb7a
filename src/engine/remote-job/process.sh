# shellcheck shell=sh disable=SC2034,SC2154 # read by the texts that it is joined to
# Shared by the exchange (job.sh) and the supervisor (supervisor.sh): processes and their identity.
# All names begin with h_, so that the variables of a job cannot meet them.
h_P=/proc
# h_put TEXT: bytes exactly, by a builtin (the external printf of some ksh would show them in argv).
h_put() { printf %s "$1"; }
[ -z "${KSH_VERSION-}" ] || h_put() { print -rn -- "$1"; }
# h_st PID: h_s = state letter, h_t = start time; fails when there is no such process.
h_st() {
  h_s='' h_t=''
  if [ -r "$h_P/self/stat" ]; then
    { read -r h_l <"$h_P/$1/stat"; } 2>/dev/null || return 1
    # shellcheck disable=SC2086 # fields are wanted
    set -- ${h_l##*) }
    h_s=$1 h_t=${20}
  else
    # shellcheck disable=SC2046
    set -- $(LC_ALL=C ps -o stat= -o lstart= -p "$1" 2>/dev/null)
    [ $# -gt 5 ] || return 1
    h_s=$1 h_t=$2_$3_$4_$5_$6
  fi
}
# h_up PID START: that very process lives; a zombie counts as dead.
h_up() {
  [ -n "$1" ] && h_st "$1" && [ "$h_t" = "$2" ] || return 1
  case $h_s in Z* | X*) return 1 ;; esac
}
# h_bt: h_b = boot token. Containers share boot_id, so the start time of pid 1 belongs to it.
h_bt() {
  if [ -r "$h_P/sys/kernel/random/boot_id" ]; then
    read -r h_b <"$h_P/sys/kernel/random/boot_id"
    h_st 1
    h_b=$h_b.$h_t
  else
    h_b=$(sysctl -n kern.bootsessionuuid || sysctl -n kern.boot_id || sysctl -n kern.boottime) 2>/dev/null
    # shellcheck disable=SC2086
    set -- $h_b
    [ "${1-}" != '{' ] || h_b=${4%,}
  fi
}
# h_nap MS: sleeps (less than a second).
h_nap() {
  h_q=00$1
  sleep "0.${h_q#"${h_q%???}"}" 2>/dev/null || sleep 1
}
# h_own COMMAND...: becomes it, in a session of its own where that can be had.
h_own() {
  if command -v setsid >/dev/null; then exec setsid "$@"; fi
  if command -v perl >/dev/null; then exec perl -e 'use POSIX;setsid();exec@ARGV' "$@"; fi
  exec "$@"
}
# h_grp PGID: a process of that group lives that is no zombie (signals may be denied, so they prove nothing).
h_grp() {
  h_g=$1
  if [ -r "$h_P/self/stat" ]; then
    for h_f in "$h_P"/[0-9]*/stat; do
      { read -r h_l <"$h_f"; } 2>/dev/null || continue
      # shellcheck disable=SC2086
      set -- ${h_l##*) }
      [ "$3" = "$h_g" ] || continue
      case $1 in Z | X) ;; *) return 0 ;; esac
    done
    return 1
  fi
  # shellcheck disable=SC2009 # pgrep knows no states
  LC_ALL=C ps -A -o pgid= -o stat= | grep -q "^ *$h_g  *[^ZX]"
}
# h_sig SIGNAL PID: to its group, else (it has none of its own) to itself.
h_sig() { kill -s "$1" -- "-$2" 2>/dev/null || kill -s "$1" "$2" 2>/dev/null; }
# h_live PID: something is left of the job.
h_live() { h_grp "$1" || { h_st "$1" && case $h_s in Z* | X*) false ;; esac; }; }
# h_end PID SECONDS: TERM, grace, KILL; fails when something survives 5 s of KILL.
h_end() {
  h_sig TERM "$1"
  h_i=0
  while h_live "$1"; do
    if [ "$h_i" -ge "$(($2 * 20 + 100))" ]; then return 1; fi
    [ "$h_i" -lt "$(($2 * 20))" ] || h_sig KILL "$1"
    h_i=$((h_i + 1))
    h_nap 50
  done
}
