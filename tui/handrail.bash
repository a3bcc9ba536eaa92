# bash completion for handrail

_handrail_names ()
{
  local folder file key=handrail
  [ "$1" = sites ] && key=handrail-site
  [ "$1" = themes ] && key=handrail-theme
  for folder in "${XDG_CONFIG_HOME:-$HOME/.config}/handrail/$1" "/etc/handrail/$1" \
    "/usr/local/share/handrail/$1" "/usr/share/handrail/$1"; do
    for file in "$folder"/*.yaml; do
      grep -qs "^$key:" "$file" || continue
      file=${file##*/}
      printf '%s\n' "${file%.yaml}"
    done
  done
}

_handrail ()
{
  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
  local command=${COMP_WORDS[1]}
  local commands="run attach resume runs state check show doctor queues practice"
  local options="" words="" screen="--ascii --theme"
  COMPREPLY=()
  if [ "$COMP_CWORD" -eq 1 ]; then
    mapfile -t COMPREPLY < <(compgen -W "$commands $screen --help --version" -- "$word")
    return
  fi
  case $command in
    run) options="--site --set --from --after --dry-run --plain $screen" ;;
    attach | resume) options="--plain $screen" ;;
    runs | state) options="--json" ;;
    check) options="--site --set" ;;
    show) options="--site --set --json --markdown" ;;
    doctor) options="--site --set --pin" ;;
    practice) options="--scenario --speed --seed --set --list --debrief --end --json --plain $screen" ;;
    queues) options="--site --set --replay --window --at-most --interval --plain --json $screen" ;;
  esac
  case $before in
    --site) words=$(_handrail_names sites) ;;
    --theme) words=$(_handrail_names themes) ;;
    --after) words=$(handrail runs 2>/dev/null | awk 'NR > 1 { print $1 }') ;;
    --scenario)
      words=$(handrail practice --list 2>/dev/null | awk '{ print $1 }') ;;
    --set | --from | --window | --at-most | --interval | --speed | --seed) return ;;
    --replay) ;;
    *)
      case $word in
        -*) words="$options --help" ;;
        *)
          case $command in
            run | show | check | practice) words=$(_handrail_names runbooks) ;;
            attach | resume | state)
              words=$(handrail runs 2>/dev/null | awk 'NR > 1 { print $1 }') ;;
          esac
          ;;
      esac
      ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
  if [ "${#COMPREPLY[@]}" -eq 0 ] && [ "${word#-}" = "$word" ]; then
    compopt -o default
  fi
}

complete -F _handrail handrail
