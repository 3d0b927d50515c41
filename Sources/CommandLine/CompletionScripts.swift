// The scripts that teach a shell to complete this program's words.

package enum CompletionScript: String, CaseIterable, Sendable {
  case bash, zsh, fish

  /// The script's text.
  package var text: String {
    switch self {
    case .bash: Self.bashScript
    case .zsh: Self.zshScript
    case .fish: Self.fishScript
    }
  }

  // The program itself knows the words (`atelier complete-words`); the scripts only ask it. Its
  // answer is a line a word: the word, a tab, what it means. A word that ends in `=`, `.` or `/`
  // goes on, so no space follows it. The line `:files` asks for names of files instead.

  private static let bashScript = #"""
    # bash completion for atelier; in ~/.bashrc: source <(atelier config completion bash)
    _atelier() {
      # bash splits words at '=' and ':'; join them again, and take the word under the cursor.
      local line=${COMP_LINE:0:COMP_POINT} words=() word quoted
      read -r -a words <<<"$line"
      [[ $line == *[[:space:]] ]] && words+=("")
      word=${words[${#words[@]}-1]}
      COMPREPLY=()
      local known answer
      while IFS= read -r answer; do
        [[ $answer == :files ]] && { compopt -o default 2>/dev/null; COMPREPLY=(); return; }
        known=${answer%%$'\t'*}
        [[ $known == "$word"* ]] && COMPREPLY+=("$known")
      done < <("${words[0]/#\~/$HOME}" complete-words "${words[@]:1}" 2>/dev/null)
      [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=./] ]] && compopt -o nospace 2>/dev/null
      # What stands before the last break is on the line already.
      local head=
      [[ $COMP_WORDBREAKS == *=* && $word == *=* ]] && head=${word%"${word##*=}"}
      [[ $COMP_WORDBREAKS == *:* && $word == *:* ]] && head=${word%"${word##*:}"}
      [[ -n $head ]] && COMPREPLY=("${COMPREPLY[@]#"$head"}")
    }
    complete -F _atelier atelier

    """#

  private static let zshScript = #"""
    #compdef atelier
    # zsh completion for atelier; in ~/.zshrc, after compinit: source <(atelier config completion zsh)
    _atelier() {
      local line word
      local -a plain plainshown open openshown
      for line in "${(@f)$("${(Q)words[1]/#\~/$HOME}" complete-words "${(@Q)words[2,CURRENT]}" 2>/dev/null)}"; do
        [[ $line == :files ]] && { _files; return }
        [[ -n $line ]] || continue
        word=${line%%$'\t'*}
        if [[ $word == *[=./] ]]; then
          open+=("$word"); openshown+=("${line/$'\t'/  -- }")
        else
          plain+=("$word"); plainshown+=("${line/$'\t'/  -- }")
        fi
      done
      (( ${#plain} )) && compadd -l -d plainshown -a plain
      (( ${#open} )) && compadd -l -S '' -d openshown -a open
      (( ${#plain} + ${#open} ))
    }
    # Either sourced, or found by compinit as a file named _atelier.
    if [[ ${funcstack[1]} == _atelier ]]; then _atelier "$@"; else compdef _atelier atelier; fi

    """#

  private static let fishScript = #"""
    # fish completion for atelier; once: atelier config completion fish > ~/.config/fish/completions/atelier.fish
    function __atelier_words
        set -l words (commandline -opc) (commandline -ct)
        set -l answers ($words[1] complete-words $words[2..-1] 2>/dev/null)
        if contains -- :files $answers
            __fish_complete_path (commandline -ct)
        else
            printf '%s\n' $answers
        end
    end
    complete -c atelier -f -a '(__atelier_words)'

    """#
}
