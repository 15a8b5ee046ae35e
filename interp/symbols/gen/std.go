package main

// stdPaths is what a notebook may import. Left out: readers of object files (debug/*), what acts by being imported or
// needs files that are not there (embed, net/http/pprof, time/tzdata, go/build, go/importer), what only makes sense in a
// program's own process (plugin, runtime/cgo, runtime/coverage), and what one system alone has (log/syslog).
var stdPaths = []string{
	"archive/tar", "archive/zip", "bufio", "bytes", "cmp", "compress/bzip2", "compress/flate", "compress/gzip", "compress/lzw",
	"compress/zlib", "container/heap", "container/list", "container/ring", "context", "crypto", "crypto/aes", "crypto/cipher", "crypto/des",
	"crypto/ecdh", "crypto/ecdsa", "crypto/ed25519", "crypto/elliptic", "crypto/hkdf", "crypto/hmac", "crypto/md5", "crypto/mlkem",
	"crypto/pbkdf2", "crypto/rand", "crypto/rc4", "crypto/rsa", "crypto/sha1", "crypto/sha256", "crypto/sha3", "crypto/sha512",
	"crypto/subtle", "crypto/tls", "crypto/x509", "crypto/x509/pkix", "database/sql", "database/sql/driver", "encoding", "encoding/ascii85",
	"encoding/asn1", "encoding/base32", "encoding/base64", "encoding/binary", "encoding/csv", "encoding/gob", "encoding/hex", "encoding/json",
	"encoding/pem", "encoding/xml", "errors", "expvar", "flag", "fmt", "go/ast", "go/build/constraint", "go/constant", "go/doc/comment",
	"go/format", "go/parser", "go/printer", "go/scanner", "go/token", "go/types", "go/version", "hash", "hash/adler32", "hash/crc32",
	"hash/crc64", "hash/fnv", "hash/maphash", "html", "html/template", "image", "image/color", "image/color/palette", "image/draw",
	"image/gif", "image/jpeg", "image/png", "index/suffixarray", "io", "io/fs", "io/ioutil", "iter", "log", "log/slog", "maps", "math",
	"math/big", "math/bits", "math/cmplx", "math/rand", "math/rand/v2", "mime", "mime/multipart", "mime/quotedprintable", "net", "net/http",
	"net/http/cookiejar", "net/http/httptest", "net/http/httptrace", "net/http/httputil", "net/mail", "net/netip", "net/rpc",
	"net/rpc/jsonrpc", "net/smtp", "net/textproto", "net/url", "os", "os/exec", "os/signal", "os/user", "path", "path/filepath", "reflect",
	"regexp", "regexp/syntax", "runtime", "runtime/debug", "runtime/metrics", "runtime/pprof", "runtime/trace", "slices", "sort", "strconv",
	"strings", "structs", "sync", "sync/atomic", "syscall", "testing", "testing/fstest", "testing/iotest", "testing/quick", "testing/slogtest",
	"testing/synctest", "text/scanner", "text/tabwriter", "text/template", "text/template/parse", "time", "unicode", "unicode/utf16",
	"unicode/utf8", "unique", "weak",
}

// fromSource are packages whose generic functions are instantiated from the library's own text.
var fromSource = []string{"slices", "cmp"}

// replaced functions need the compiler; the front end has others in their place.
var replaced = map[string]bool{"slices.overlaps": true}
