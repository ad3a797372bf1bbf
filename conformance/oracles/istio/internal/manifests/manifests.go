// Package manifests reads files and folders of YAML.
package manifests

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"

	kubeyaml "k8s.io/apimachinery/pkg/util/yaml"
)

// Files are the given files and those in the given folders that hold YAML or JSON, in the order of their names.
func Files(args []string) ([]string, error) {
	var out []string
	for _, a := range args {
		err := filepath.Walk(a, func(p string, info os.FileInfo, err error) error {
			if err != nil {
				return err
			}
			switch filepath.Ext(p) {
			case ".yaml", ".yml", ".json":
				if !info.IsDir() {
					out = append(out, p)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Documents are the documents of a YAML text that are not blank; with an error, those before it.
func Documents(text []byte) ([][]byte, error) {
	r := kubeyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(text)))
	var out [][]byte
	for {
		d, err := r.Read()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		if len(bytes.TrimSpace(d)) > 0 {
			out = append(out, d)
		}
	}
}
