# A log as speed-run writes it: two targets in turns, ten pairs, ten algorithms at six block sizes.
BEGIN {
  rows = split("aes-128-cbc aes-192-cbc aes-256-cbc md4 md5 sha1 sha256 sha512 rmd160 ghash", names, " ")
  count = split("16 64 256 1024 8192 16384", sizes, " ")
  for (run = 0; run < 20; run++) {
    pair = int(run / 2) + 1
    printf "# proofline speed-run {\"round\":%d,\"pair\":%d,\"target\":\"%s\",\"label\":\"-\",\"argv\":[]}\n", pair, pair, (pair + run) % 2 ? "a" : "b"
    table = sprintf("%-12s%11s", "type", "")
    for (s = 1; s <= count; s++) table = table sprintf(" %5d bytes  ", sizes[s])
    for (a = 1; a <= rows; a++) {
      table = table sprintf("\n%-12s", names[a])
      for (s = 1; s <= count; s++) {
        done = int(9e6 * a / s * (1 + (run * 7 + a * 3 + s) % 11 / 500))
        printf "Doing %s ops for 3s on %d size blocks: %d %s ops in 3.00s\n", names[a], sizes[s], done, names[a]
        table = table sprintf(" %11.2fk", done * sizes[s] / 3000)
      } }
    print table "\n# proofline speed-run-end {\"exit_code\":0,\"wall_ms\":1}"
  } }
