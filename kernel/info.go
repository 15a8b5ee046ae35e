package kernel

import (
	"context"
	"runtime"
	"strings"

	"github.com/riffle-stream/riffle/kernel/wire"
)

// Info is how the kernel introduces itself.
type Info struct {
	Name    string // of the implementation, such as "riffle"
	Version string // of the implementation
	Banner  string // greets the user of a console
	Help    []Link
}

// A Link is an entry of the frontend's help menu.
type Link struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// language tells frontends how to name, colour and save cells.
func language() object {
	return object{"name": "go", "version": strings.TrimPrefix(runtime.Version(), "go"), "mimetype": "text/x-go", "file_extension": ".go",
		"pygments_lexer": "go", "codemirror_mode": "go", "nbconvert_exporter": "script"}
}

func (k *kernel) kernelInfo(context.Context, *request) (any, error) {
	return object{"status": "ok", "protocol_version": wire.Version, "implementation": k.info.Name, "implementation_version": k.info.Version,
		"banner": k.info.Banner, "help_links": nonNil(k.info.Help), "language_info": language(), "debugger": false, "supported_features": []string{}}, nil
}
