package main

// stdPaths is what a notebook may import. Left out: tools for compilers and linkers (go/*, debug/*), what only makes
// sense in a program's own process (plugin, testing, runtime/cgo), and protocols nobody types by hand (net/rpc, cgi).
var stdPaths = []string{
	"archive/tar", "archive/zip", "bufio", "bytes", "cmp", "compress/bzip2", "compress/flate", "compress/gzip", "compress/zlib",
	"container/heap", "container/list", "container/ring", "context", "crypto", "crypto/aes", "crypto/cipher", "crypto/hmac", "crypto/md5",
	"crypto/rand", "crypto/sha1", "crypto/sha256", "crypto/sha512", "crypto/tls", "crypto/x509", "database/sql", "encoding", "encoding/ascii85", "encoding/base32",
	"encoding/base64", "encoding/binary", "encoding/csv", "encoding/gob", "encoding/hex", "encoding/json", "encoding/pem", "encoding/xml",
	"errors", "expvar", "flag", "fmt", "hash", "hash/adler32", "hash/crc32", "hash/crc64", "hash/fnv", "hash/maphash", "html", "html/template",
	"image", "image/color", "image/color/palette", "image/draw", "image/gif", "image/jpeg", "image/png", "index/suffixarray", "io", "io/fs", "iter",
	"log", "log/slog", "maps", "math", "math/big", "math/bits", "math/cmplx", "math/rand", "math/rand/v2", "mime", "mime/multipart",
	"net", "net/http", "net/http/cookiejar", "net/http/httptest", "net/http/httputil", "net/mail", "net/netip", "net/textproto", "net/url",
	"os", "os/exec", "os/signal", "os/user", "path", "path/filepath", "reflect", "regexp", "regexp/syntax", "runtime", "runtime/debug", "slices", "sort", "strconv",
	"strings", "sync", "sync/atomic", "syscall", "text/scanner", "text/tabwriter", "text/template", "text/template/parse", "time", "unicode", "unicode/utf16", "unicode/utf8",
	"unique", "weak",
}

// fromSource are packages whose generic functions are instantiated from the library's own text.
var fromSource = []string{"slices", "cmp"}

// replaced functions need the compiler; the front end has others in their place.
var replaced = map[string]bool{"slices.overlaps": true}
