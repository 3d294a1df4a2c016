package airssystest

import (
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/airssys/airssys-wasm/sdk-go"
)

// matches matches a sequence, of which an item that is many stands for any number of items. Only the last one of these is
// ever retried: what an earlier one could take, the later one can take as well.
func matches[T any](pattern, text []T, many func(item T) bool, one func(item, found T) bool) bool {
	var retry, from []T
	retrying := false
	for {
		switch {
		case len(pattern) > 0 && many(pattern[0]):
			pattern = pattern[1:]
			retry, from, retrying = pattern, text, true
			continue
		case len(pattern) > 0 && len(text) == 0:
			return false
		case len(pattern) > 0 && one(pattern[0], text[0]):
			pattern, text = pattern[1:], text[1:]
			continue
		case len(pattern) == 0 && len(text) == 0:
			return true
		}
		if !retrying || len(from) == 0 {
			return false
		}
		from = from[1:]
		pattern, text = retry, from
	}
}

// matchesSegment matches one segment: * is any number of characters, ? is one.
func matchesSegment(pattern, text string) bool {
	return matches([]rune(pattern), []rune(text), func(item rune) bool { return item == '*' },
		func(item, found rune) bool { return item == '?' || item == found })
}

// pathPattern is a pattern over absolute paths, where a segment ** is any number of segments.
type pathPattern string

func parsePath(text string) (pathPattern, error) {
	rest, absolute := strings.CutPrefix(text, "/")
	if !absolute || strings.ContainsAny(text, "\x00[{") {
		return "", fmt.Errorf("path pattern %q is not absolute, or has a NUL, [ or {", text)
	}
	if rest == "" {
		return pathPattern(text), nil
	}
	for segment := range strings.SplitSeq(rest, "/") {
		if segment == "" || segment == "." || segment == ".." || (segment != "**" && strings.Contains(segment, "**")) {
			return "", fmt.Errorf("segment %q in path pattern %q", segment, text)
		}
	}
	return pathPattern(text), nil
}

func segmentsOf(path string) []string {
	return slices.DeleteFunc(strings.Split(path, "/"), func(segment string) bool { return segment == "" })
}

// matches says whether the path is covered, which only one can be that has no empty segment, ., .. or NUL.
func (p pathPattern) matches(path string) bool {
	rest, absolute := strings.CutPrefix(path, "/")
	if !absolute || strings.Contains(path, "\x00") {
		return false
	}
	odd := func(segment string) bool { return segment == "" || segment == "." || segment == ".." }
	if rest != "" && slices.ContainsFunc(strings.Split(rest, "/"), odd) {
		return false
	}
	return matches(segmentsOf(string(p)), segmentsOf(path), func(item string) bool { return item == "**" }, matchesSegment)
}

// coveringPath is the narrowest pattern that covers a path, if any can: what has a meaning in patterns becomes a ?.
func coveringPath(path string) (pathPattern, bool) {
	pattern, err := parsePath(strings.NewReplacer("*", "?", "[", "?", "{", "?").Replace(path))
	return pattern, err == nil && pattern.matches(path)
}

// portRange is the ports from the first to the last.
type portRange struct{ first, last uint16 }

// parsePorts reads a port as an integer, or a range as a text.
func parsePorts(value any) (*portRange, error) {
	refused := fmt.Errorf("%#v is neither a port nor a range of ports", value)
	switch value := value.(type) {
	case int64:
		if value < 0 || value > math.MaxUint16 {
			return nil, refused
		}
		return &portRange{uint16(value), uint16(value)}, nil
	case string:
		first, last, found := strings.Cut(value, "-")
		low, wrongLow := strconv.ParseUint(first, 10, 16)
		high, wrongHigh := strconv.ParseUint(last, 10, 16)
		if !found || wrongLow != nil || wrongHigh != nil || low > high {
			return nil, refused
		}
		return &portRange{uint16(low), uint16(high)}, nil
	default:
		return nil, refused
	}
}

func (r portRange) contains(port uint16) bool { return r.first <= port && port <= r.last }

// targetPattern is a pattern over components, namespace/name or namespace/name@version. Without a version it covers all.
type targetPattern struct{ namespace, name, version string }

func parseTarget(text string) (targetPattern, error) {
	refused := fmt.Errorf("target pattern %q is not namespace/name or namespace/name@version", text)
	names, version, hasVersion := strings.Cut(text, "@")
	namespace, name, found := strings.Cut(names, "/")
	inVersion := func(r rune) bool {
		return isNameCharacter(r) || ('A' <= r && r <= 'Z') || strings.ContainsRune(".+*?", r)
	}
	isName := func(part string) bool {
		odd := func(r rune) bool { return !isNameCharacter(r) && r != '*' && r != '?' }
		return part != "" && !strings.ContainsFunc(part, odd)
	}
	odd := func(r rune) bool { return !inVersion(r) }
	if !found || !isName(namespace) || !isName(name) || (hasVersion && version == "") || strings.ContainsFunc(version, odd) {
		return targetPattern{}, refused
	}
	return targetPattern{namespace, name, version}, nil
}

func isNameCharacter(r rune) bool {
	return ('a' <= r && r <= 'z') || ('0' <= r && r <= '9') || r == '-'
}

func (p targetPattern) matches(target airssys.ComponentID) bool {
	return matchesSegment(p.namespace, target.Namespace) && matchesSegment(p.name, target.Name) &&
		(p.version == "" || matchesSegment(p.version, target.Version))
}

// coveringTarget is the narrowest pattern that covers a component in every version, if any can.
func coveringTarget(target airssys.ComponentID) (targetPattern, bool) {
	literal := func(part string) string {
		return strings.Map(func(r rune) rune {
			if isNameCharacter(r) {
				return r
			}
			return '?'
		}, part)
	}
	pattern, err := parseTarget(literal(target.Namespace) + "/" + literal(target.Name))
	return pattern, err == nil && pattern.matches(target)
}

func (p targetPattern) String() string {
	if p.version != "" {
		return p.namespace + "/" + p.name + "@" + p.version
	}
	return p.namespace + "/" + p.name
}

// hostPattern is a pattern over hosts: a name, what is below a name, a block of addresses, or everything.
type hostPattern struct {
	any         bool
	name, below string
	block       netip.Prefix
}

// askedHost is what is asked for: a name or not, at an address or not yet.
type askedHost struct {
	name    string
	address netip.Addr
}

// The longest name and the longest label of the domain name system.
const (
	maxHostName = 253
	maxLabel    = 63
)

// readHost reads a host, which leads to the address if that is valid. A host that is neither a name nor an address, or
// that leads to another address, is not valid.
func readHost(host string, address netip.Addr) (asked askedHost, valid bool) {
	address = address.Unmap()
	if literal, err := netip.ParseAddr(host); err == nil {
		literal = literal.Unmap()
		return askedHost{address: literal}, literal.Zone() == "" && (!address.IsValid() || address == literal)
	}
	name := normalName(host)
	return askedHost{name, address}, name != ""
}

// normalName is a name in lower case and without the dot at the end; empty if it cannot be one, or could be taken for an
// address.
func normalName(name string) string {
	name = strings.TrimSuffix(name, ".")
	lower := strings.Map(func(r rune) rune {
		if 'A' <= r && r <= 'Z' {
			return r - 'A' + 'a'
		}
		return r
	}, name)
	labels := strings.Split(lower, ".")
	for _, label := range labels {
		odd := func(r rune) bool { return !isNameCharacter(r) && r != '_' }
		if label == "" || len(label) > maxLabel || strings.ContainsFunc(label, odd) {
			return ""
		}
	}
	last := labels[len(labels)-1]
	hexadecimal, isHexadecimal := strings.CutPrefix(last, "0x")
	looksNumeric := strings.Trim(last, "0123456789") == "" ||
		(isHexadecimal && strings.Trim(hexadecimal, "0123456789abcdef") == "")
	if len(lower) > maxHostName || looksNumeric {
		return ""
	}
	return lower
}

func parseHost(text string) (hostPattern, error) {
	if text == "*" {
		return hostPattern{any: true}, nil
	}
	refused := fmt.Errorf(`%q is no name, IP address, CIDR block, "*.example.com" or "*"`, text)
	if address, err := netip.ParseAddr(text); err == nil {
		if address.Zone() != "" {
			return hostPattern{}, refused
		}
		return single(address), nil
	}
	if written, bits, isBlock := strings.Cut(text, "/"); isBlock {
		block, err := parseBlock(written, bits)
		if err != nil {
			return hostPattern{}, refused
		}
		return hostPattern{block: block}, nil
	}
	parent, isBelow := strings.CutPrefix(text, "*.")
	name := normalName(parent)
	switch {
	case name == "":
		return hostPattern{}, refused
	case isBelow:
		return hostPattern{below: name}, nil
	default:
		return hostPattern{name: name}, nil
	}
}

func single(address netip.Addr) hostPattern {
	address = address.Unmap()
	return hostPattern{block: netip.PrefixFrom(address, address.BitLen())}
}

// parseBlock reads a block, in whose address no bit may be set behind those that count.
func parseBlock(written, bits string) (netip.Prefix, error) {
	address, err := netip.ParseAddr(written)
	if err != nil {
		return netip.Prefix{}, err
	}
	number, err := strconv.ParseUint(bits, 10, 8)
	if err != nil {
		return netip.Prefix{}, err
	}
	count := int(number)
	if address.Is4In6() {
		// The bits before an IPv4 address count for nothing.
		address, count = address.Unmap(), count-(128-32)
	}
	block := netip.PrefixFrom(address, count)
	if address.Zone() != "" || !block.IsValid() || block.Masked() != block {
		return netip.Prefix{}, fmt.Errorf("%s/%s is not a block", written, bits)
	}
	return block, nil
}

func (p hostPattern) covers(host askedHost) bool {
	if p.block.IsValid() {
		return host.address.IsValid() && p.block.Contains(host.address)
	}
	// A name, and everything, cover no address of which it depends on the host what it reaches.
	if host.address.IsValid() && isNonPublic(host.address) {
		return false
	}
	switch {
	case p.any:
		return true
	case p.below != "":
		return strings.HasSuffix(host.name, "."+p.below)
	default:
		return host.name == p.name
	}
}

// coveringHost is the narrowest pattern that covers a host: its name, or its address where a name would not do.
func coveringHost(host askedHost) (hostPattern, bool) {
	if host.name != "" && !(host.address.IsValid() && isNonPublic(host.address)) {
		return hostPattern{name: host.name}, true
	}
	return single(host.address), host.address.IsValid()
}

func (p hostPattern) String() string {
	switch {
	case p.any:
		return "*"
	case p.below != "":
		return "*." + p.below
	case p.name != "":
		return p.name
	case p.block.IsSingleIP():
		return p.block.Addr().String()
	default:
		return p.block.String()
	}
}

// nonPublic are the blocks that only a permission for an address or a block covers: loopback, private, link-local, shared,
// multicast, unspecified and reserved ones.
var nonPublic = blocks("0.0.0.0/8", "10.0.0.0/8", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10",
	"169.254.0.0/16", "192.0.0.0/24", "192.88.99.0/24", "198.18.0.0/15", "224.0.0.0/3",
	"::/96", "64:ff9b:1::/48", "0:0:0:0:ffff:0::/96", "100::/64", "2001::/32", "fc00::/7", "fe80::/9", "ff00::/8")

// Addresses of IPv6 that become one of IPv4 on their way: as little public as that.
var (
	translated = netip.MustParsePrefix("64:ff9b::/96")
	tunnelled  = netip.MustParsePrefix("2002::/16")
)

func blocks(texts ...string) (blocks []netip.Prefix) {
	for _, text := range texts {
		blocks = append(blocks, netip.MustParsePrefix(text))
	}
	return blocks
}

func isNonPublic(address netip.Addr) bool {
	address = address.Unmap()
	bytes := address.As16()
	switch {
	case translated.Contains(address):
		address = netip.AddrFrom4([4]byte(bytes[12:16]))
	case tunnelled.Contains(address):
		address = netip.AddrFrom4([4]byte(bytes[2:6]))
	}
	return slices.ContainsFunc(nonPublic, func(block netip.Prefix) bool { return block.Contains(address) })
}
