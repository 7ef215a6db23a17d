# Lasting names in their order, a line with ==, then what nm says of the functions that are there:
# prints the names of those that are wanted, in that order.
$0 == "==" { listed = 1; next }
!listed { place[$1] = ++places; next }
$2 ~ /^[tTwW]$/ {
    at = place[lasting($1)]
    if (at) there[at] = there[at] $1 "\n"
}
END { for (at = 1; at <= places; at++) printf "%s", there[at] }
