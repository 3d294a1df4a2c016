package hostservices

import (
	"context"
	"log/slog"
	"slices"
)

// NewLogHandler makes a handler for log/slog that writes to the host's log:
//
//	slog.SetDefault(slog.New(hostservices.NewLogHandler(slog.LevelInfo)))
//
// Records below the level are dropped. Levels below slog.LevelDebug become LevelTrace. The attributes become fields,
// those of groups named group.attribute; the time is the host's.
func NewLogHandler(level slog.Leveler) slog.Handler {
	return &logHandler{level: level}
}

type logHandler struct {
	level  slog.Leveler
	prefix string
	fields []Field
}

func (h *logHandler) Enabled(_ context.Context, level slog.Level) bool {
	return level >= h.level.Level()
}

func (h *logHandler) Handle(_ context.Context, record slog.Record) error {
	fields := slices.Clone(h.fields)
	record.Attrs(func(attribute slog.Attr) bool {
		fields = appendField(fields, h.prefix, attribute)
		return true
	})
	Log(levelOf(record.Level), record.Message, fields...)
	return nil
}

func (h *logHandler) WithAttrs(attributes []slog.Attr) slog.Handler {
	with := *h
	with.fields = slices.Clone(h.fields)
	for _, attribute := range attributes {
		with.fields = appendField(with.fields, h.prefix, attribute)
	}
	return &with
}

func (h *logHandler) WithGroup(name string) slog.Handler {
	if name == "" {
		return h
	}
	with := *h
	with.prefix += name + "."
	return &with
}

func appendField(fields []Field, prefix string, attribute slog.Attr) []Field {
	value := attribute.Value.Resolve()
	if value.Kind() != slog.KindGroup {
		if attribute.Equal(slog.Attr{}) {
			return fields
		}
		return append(fields, Field{Name: prefix + attribute.Key, Value: value.String()})
	}
	if attribute.Key != "" {
		prefix += attribute.Key + "."
	}
	for _, member := range value.Group() {
		fields = appendField(fields, prefix, member)
	}
	return fields
}

func levelOf(level slog.Level) Level {
	switch {
	case level < slog.LevelDebug:
		return LevelTrace
	case level < slog.LevelInfo:
		return LevelDebug
	case level < slog.LevelWarn:
		return LevelInfo
	case level < slog.LevelError:
		return LevelWarn
	default:
		return LevelError
	}
}
