# JUnit files of 100 cases: awk -v folder=FOLDER -v files=COUNT -f scripts/bench-junit.awk
BEGIN {
  for (file = 0; file < files; file++) {
    class = sprintf("org.example.service.module%03d.Part%03dTest", file % 400, int(file / 400))
    text = ""
    failed = broken = skipped = 0
    for (index_ = 0; index_ < 100; index_++) {
      number = file * 100 + index_
      kind = number * 7919 % 1000
      text = text sprintf("    <testcase classname=\"%s\" name=\"test_signs_and_verifies_case_%07d\" time=\"%d.%03d\"", class, number, number % 2, number % 1000)
      if (kind < 10) {
        failed++
        text = text sprintf("><failure message=\"expected %d, got %d\" type=\"AssertionError\">at line %d</failure></testcase>\n", number, number + 1, number % 900)
      } else if (kind < 12) {
        broken++
        text = text "><error message=\"no such fixture &amp; no default\" type=\"LookupError\"/></testcase>\n"
      } else if (kind < 50) {
        skipped++
        text = text "><skipped message=\"needs a device\"/></testcase>\n"
      } else {
        text = text "/>\n"
      }
    }
    name = sprintf("%s/TEST-%05d.xml", folder, file)
    printf "<?xml version=\"1.0\"?>\n<testsuites>\n  <testsuite name=\"%s\" tests=\"100\" failures=\"%d\" errors=\"%d\" skipped=\"%d\">\n%s  </testsuite>\n</testsuites>\n", class, failed, broken, skipped, text >name
    close(name)
  }
}
