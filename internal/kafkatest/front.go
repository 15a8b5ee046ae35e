package kafkatest

import (
	"io"
	"net"
)

// Front is a listener in front of a broker: clients that come through it hear
// forged answers, as [Lossy] has it. It ends with its listener.
type Front struct {
	net.Listener
	// Answer is what becomes of the answer to an EndTxn; see [Lossy].
	Answer func(id string) int
}

// serve passes what clients want to whom dial reaches.
func (f Front) serve(dial func() (net.Conn, error)) {
	for {
		client, err := f.Listener.Accept()
		if err != nil {
			return
		}
		broker, err := dial()
		if err != nil {
			client.Close()
			continue
		}
		go f.pass(client, broker)
	}
}

// pass carries frames both ways until one end is gone.
func (f Front) pass(client, broker net.Conn) {
	broker = Lossy(broker, f.Answer)
	go func() {
		_, _ = io.Copy(client, broker)
		client.Close()
		broker.Close()
	}()
	for {
		frame, err := readFrame(client)
		if err == nil {
			_, err = broker.Write(frame)
		}
		if err != nil {
			client.Close()
			broker.Close()
			return
		}
	}
}

// Accept is for a broker in this process, which is handed connections that have passed.
func (f Front) Accept() (net.Conn, error) {
	client, err := f.Listener.Accept()
	if err != nil {
		return nil, err
	}
	near, far := net.Pipe()
	go f.pass(client, near)
	return far, nil
}
