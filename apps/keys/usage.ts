/** What was typed makes no command; nothing was done. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const HELP = `npm run keys -- <command> [options]

The key-encryption key (KEK)
  create-kek         --key-file F --journal-dir D --by A --by B  --shares N --threshold M [--shares-dir DIR]
                     makes a KEK and a new key file; with --module pkcs11 the KEK is made in the token, and
                     --shares may be left out
  import-kek         --module pkcs11 --by A --by B              shares -> another token (restore to an HSM)
  rotate-kek         --shares N --threshold M                   new KEK, same keys; then kill -HUP the token server
  finish-rotation                                               the old KEK is worth nothing from here on
Vending keys
  load-components    --sgc S --krn K --kind VUDK --dkga 2|4 --base-date Y --ken N [--kcv X]   --by A --by B
  load-file          --file F --kcv X                           from a key-load file sealed for this module
  list               [--json]                                   check values, states, days left
  activate, retire   --sgc S --krn K
  set-iut            --sgc S --krn K --until YYYY-MM-DD|none    the last day on which tokens are made
  expire             --sgc S --krn K                            from now on only key changes away from it
  remove             --sgc S --krn K --by A --by B
The key file
  backup             --to F                                     a verified copy; still sealed
  restore            --from F --by A --by B                     on another machine, with the custodians' shares
  accept-generation  --by A --by B                              after a restore: this older file is meant
  upgrade            --by A --by B                              a file of the first version to today's
The log
  verify-log         --log-dir D --public-key P [--checkpoints DIR]
  export-public-key                                             that signs the audit log
  module-id                                                     what a key-load file must be sealed for
  seal-key-load-file --to PUBLIC --out F --sgc ... --ken N      the other side of load-file, for tests

Options of all: --key-file F (KEY_FILE) --journal-dir D (KEYS_JOURNAL_DIR) --seen-file F (KEY_SEEN_FILE)
  --kek ask|PATH|fd:N      ask (the default) asks custodians for their shares
  --by NAME                who does it; twice where two people are needed
  --module software|pkcs11 --pkcs11-library F --pkcs11-token LABEL --pin ask|PATH|fd:N
  --secrets-fd N           answers to all questions, a line each: "<name> <secret>"
No secret is ever an argument or in the environment.
`;
