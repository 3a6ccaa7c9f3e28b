# What the OCF agents of this folder share; to be sourced. Needs a POSIX shell and nothing else.
# State lives under HA_RSCTMP, which the executor names: an unprivileged node has a folder of its own there.

: "${OCF_RESOURCE_INSTANCE:=undefined}"
: "${HA_RSCTMP:=/run/resource-agents}"
: "${OCF_EXIT_REASON_PREFIX:=ocf-exit-reason:}"

OCF_SUCCESS=0
OCF_ERR_GENERIC=1
OCF_ERR_ARGS=2
OCF_ERR_UNIMPLEMENTED=3
OCF_ERR_PERM=4
OCF_ERR_CONFIGURED=6
OCF_NOT_RUNNING=7
OCF_RUNNING_PROMOTED=8

say() {
    echo "$OCF_RESOURCE_INSTANCE: $*" >&2
}

# fail STATUS WORDS...: the words become the exit reason that the cluster shows.
fail() {
    status=$1
    shift
    echo "$OCF_EXIT_REASON_PREFIX$*" >&2
    exit "$status"
}

is_true() {
    case $1 in
        yes|true|1|YES|TRUE|True|ja|on|ON) return 0 ;;
        *) return 1 ;;
    esac
}

# The folder of a state file is made where it is missing; whether the file can be kept is told at once.
check_state() {
    folder=${1%/*}
    mkdir -p "$folder" 2>/dev/null
    [ -d "$folder" ] && [ -w "$folder" ] || fail $OCF_ERR_PERM "State file '$1' cannot be written"
}

# A command of the cluster, from where the executor says that these are.
cluster_command() {
    command=$1
    shift
    if [ -n "${HA_SBIN_DIR:-}" ] && [ -x "$HA_SBIN_DIR/$command" ]; then
        "$HA_SBIN_DIR/$command" "$@"
    else
        "$command" "$@"
    fi
}

# Runs the action that was asked for: a function of that name, dashes as underscores.
run_action() {
    case ${1:-} in
        meta-data) meta_data; exit $OCF_SUCCESS ;;
        usage|help) echo "usage: ${0##*/} {$ACTIONS}"; exit $OCF_SUCCESS ;;
    esac
    case " $ACTIONS " in
        *" ${1:-none} "*) ;;
        *) echo "usage: ${0##*/} {$ACTIONS}" >&2; exit $OCF_ERR_UNIMPLEMENTED ;;
    esac
    "$(echo "action_$1" | tr - _)"
    exit $?
}
