package state

// charge tells the DB how much memory the partition holds.
func (p *Partition) charge() {
	now := p.layout.held()
	p.db.used.Add(now - p.charged)
	p.charged = now
}

// spill changes the partition to keys if all partitions together are past the
// budget and this one holds at least its share.
func (p *Partition) spill() error {
	p.charge()
	b, ok := p.layout.(*blocks)
	if !ok || p.db.used.Load() <= p.db.opts.Budget || p.charged*p.db.count.Load() < p.db.opts.Budget {
		return nil
	}
	k, err := b.toKeys()
	if err != nil {
		p.err = p.damaged(err)
		return p.err
	}
	p.layout = k
	p.charge()
	return nil
}
