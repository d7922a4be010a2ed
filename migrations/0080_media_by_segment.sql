-- Media may lie in a bucket: what still lies here, and what a list of objects is compared with, is looked up by this.
CREATE INDEX media_by_segment ON media (segment);
